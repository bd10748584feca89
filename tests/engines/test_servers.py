"""The engines that the other tests here stand on answer, and as Songhe expects them to."""


def test_postgres_counts_in_utf8_and_sorts_by_code_point(postgres):
    encoding, collation = postgres.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    assert (encoding, collation) == ("UTF8", "C.UTF-8")


def test_postgres_is_private(postgres):
    assert postgres.execute("SHOW listen_addresses").fetchone() == ("",)


def test_spark_has_three_valued_logic(spark):
    row = spark.sql("SELECT NULL AND false AS known, NULL AND true AS unknown").first()
    assert (row["known"], row["unknown"]) == (False, None)
