"""Recording what sources state."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from songhe.accounts.models import Entry
from songhe.registry.domain.facts import File, record_death, record_facts, record_many, register_person, settle_conflict
from songhe.registry.domain.retraction import retract
from songhe.registry.domain.statements import Statement
from songhe.registry.domain.writing import AuthorError
from songhe.registry.models import CurrentPerson, FactRecord, Person, PersonKey, Retraction, Transaction
from songhe.registry.projection import rebuild, refresh
from songhe.registry.queries import file_as_of, find_by_key
from songhe.registry.vocabulary import StatementError

DAY = dt.date(2024, 6, 30)


def current(person: Person) -> CurrentPerson:
    return CurrentPerson.objects.get(pk=person.pk)


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(2024, month, number)


class TestRegister:
    def test_the_file_holds_what_was_said(self, register, divisions):
        person = register(name="曾小明", sex="F", birth_date="1944-02-29", residence="640381001201")
        row = current(person)
        assert (row.name, row.name_pinyin, row.name_initials) == ("曾小明", "zengxiaoming", "zxm")
        assert (row.sex, row.birth_date, row.alive) == ("F", dt.date(1944, 2, 29), None)
        assert (row.residence, row.residence_division_id) == ("640381001201", divisions["640381001201"])

    def test_it_is_audited_in_its_place(self, register, divisions):
        person = register(residence="640381001201")
        entry = Entry.objects.get()
        assert (entry.action, entry.subject_id) == ("person.registered", str(person.public_id))
        assert entry.division_id == divisions["640381001201"]

    @pytest.mark.parametrize(
        ("fact", "value"),
        [
            ("sex", "male"),
            ("birth_date", "2024-13-01"),
            ("residence", "Qingtongxia"),
            ("resident_id", "640381194402290011"),
            ("name", " "),
            ("favourite_colour", "green"),
            ("dibao", 1),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, divisions, by, fact, value):
        with pytest.raises(StatementError) as refused:
            register_person(by=by(), statements=[Statement("sex", "F"), Statement(fact, value)])
        assert refused.value.fact == fact
        assert str(value) not in str(refused.value) or fact != "resident_id"
        assert not (Person.objects.exists() or FactRecord.objects.exists() or Transaction.objects.exists())

    def test_an_unknown_source_is_refused(self, divisions, by):
        with pytest.raises(AuthorError, match="no such source"):
            register_person(by=by("neighbour"), statements=[])


class TestSealed:
    def test_it_is_nowhere_in_the_clear(self, register, resident_number):
        id = resident_number()
        person = register(resident_id=id, phone="138 0013 8000")
        records = {record.fact: record for record in FactRecord.objects.all()}
        for fact, plain in {"resident_id": id, "phone": "13800138000"}.items():
            assert plain not in records[fact].value
            assert plain.encode() not in bytes(records[fact].sealed)
            assert plain.encode() not in bytes(getattr(current(person), fact))

    def test_it_is_shown_masked(self, register, resident_number):
        id = resident_number()
        person = register(resident_id=id)
        assert file_as_of(person)["resident_id"].value == f"640381{'*' * 10}{id[-2:]}"

    def test_people_are_found_by_it_however_it_is_written(self, register, resident_number):
        id = resident_number(12)
        person = register(resident_id=id.lower())
        register(resident_id=resident_number(13))
        assert find_by_key("resident_id", f" {id} ") == [person.pk]

    def test_two_sources_that_agree_make_no_conflict(self, register, by):
        person = register(phone="13800138000")
        record_facts(by=by("person"), person=person, statements=[Statement("phone", "138-0013-8000")])
        assert current(person).conflicts == ""
        record_facts(by=by("community"), person=person, statements=[Statement("phone", "13900139000")])
        assert current(person).conflicts == ",phone,"


class TestRecord:
    def test_the_same_twice_changes_nothing(self, register, by):
        person = register(sex="F")
        recorded = record_facts(by=by(), person=person, statements=[Statement("sex", "F"), Statement("dibao", True)])
        assert (recorded.records, recorded.unchanged) == (1, 1)
        again = record_facts(by=by(), person=person, statements=[Statement("sex", "F"), Statement("dibao", True)])
        assert (again.records, again.unchanged) == (0, 2)

    def test_to_and_fro_is_recorded_each_time(self, register, by):
        person = register(sex="F")
        for sex in ("M", "F"):
            record_facts(by=by(), person=person, statements=[Statement("sex", sex)])
        assert FactRecord.objects.count() == 3
        assert current(person).sex == "F"

    def test_what_is_not_valid_today_is_not_in_the_projection(self, register, by):
        person = register()
        record_facts(
            by=by("civil_affairs"),
            person=person,
            statements=[Statement("dibao", True, day(1), day(2)), Statement("tekun", "none", dt.date(2999, 1, 1))],
        )
        assert (current(person).dibao, current(person).tekun) == (None, None)
        assert file_as_of(person, valid_on=day(2))["dibao"].value is True

    def test_a_new_day_brings_in_what_begins(self, register, by):
        person = register()
        record_facts(
            by=by(), person=person, statements=[Statement("dibao", True, dt.date(2999, 1, 1), dt.date(2999, 1, 2))]
        )
        refresh()
        assert refresh(on=dt.date(2999, 1, 1)) == 1
        assert current(person).dibao is True
        assert refresh(on=dt.date(2999, 1, 2)) == 0
        assert refresh(on=dt.date(2999, 1, 3)) == 1
        assert current(person).dibao is None

    def test_as_known_then_and_as_known_now(self, register, by):
        person = register(dibao=False)
        then = Transaction.objects.get()
        record_facts(by=by(), person=person, statements=[Statement("dibao", True, day(1))])
        for known_at in (then.pk, then.at):
            assert file_as_of(person, valid_on=DAY, known_at=known_at)["dibao"].value is False
        now = file_as_of(person, valid_on=DAY)["dibao"]
        assert (now.value, now.source, now.valid_from) == (True, "police", day(1))
        assert file_as_of(person, known_at=then.pk - 1) == {}

    def test_recorded_times_never_run_backwards(self, register, by):
        register()
        before = Transaction.objects.get().at - dt.timedelta(seconds=1)
        with pytest.raises(AuthorError, match="must lie between"):
            register_person(by=by(at=before), statements=[])


class TestMany:
    def test_new_and_known_people_in_one_go(self, register, by):
        person = register(sex="F")
        files = (
            File(person.pk, (Statement("sex", "F"), Statement("dibao", True))),
            File(None, (Statement("name", "李伟"), Statement("sex", "M"))),
            File(person.pk, (Statement("dibao", True), Statement("living", "alone"))),
        )
        recorded = record_many(by=by(batch="2024-06"), files=iter(files))
        assert (recorded.opened, recorded.records, recorded.unchanged) == (1, 4, 2)
        assert recorded.people[0] == recorded.people[2] == person.pk
        assert CurrentPerson.objects.get(pk=recorded.people[1]).name_pinyin == "liwei"
        assert current(person).living == "alone"
        assert Entry.objects.get(action="import.run").details["count"] == 3

    def test_one_wrong_row_and_nothing_is_written(self, register, by):
        files = [File(None, (Statement("sex", "M"),)), File(None, (Statement("sex", "?"),))]
        with pytest.raises(StatementError):
            record_many(by=by(), files=files)
        assert not Person.objects.exists()

    def test_who_is_not_there_is_refused(self, divisions, by):
        with pytest.raises(StatementError, match="no file 12345"):
            record_many(by=by(), files=[File(12345, (Statement("sex", "M"),))])


class TestDeath:
    def test_a_late_row_does_not_revive(self, register, by):
        person = register(alive=True)
        record_death(by=by("civil_affairs"), person=person, on=day(3))
        record_facts(by=by(), person=person, statements=[Statement("alive", True, day(5))])
        row = current(person)
        assert (row.alive, row.death_date, row.conflicts) == (False, day(3), ",alive,")

    def test_retracting_it_does(self, register, by):
        person = register(alive=True)
        death = record_death(by=by("health"), person=person, on=day(3))
        records = FactRecord.objects.filter(transaction_id=death.transaction).values_list("pk", flat=True)
        retraction = retract(by=by(reason="同名误报"), person=person, records=records)
        row = current(person)
        assert (row.alive, row.death_date, row.conflicts) == (True, None, "")
        assert file_as_of(person, known_at=retraction.pk - 1)["alive"].value is False

    @pytest.mark.parametrize(
        "statement",
        [
            Statement("death_date", None),
            Statement("death_date", dt.date(2999, 1, 1)),
            Statement("death_date", DAY, DAY),
            Statement("alive", False, None, DAY),
            Statement("alive", False, dt.date(2999, 1, 1)),
        ],
    )
    def test_there_is_no_such_death(self, register, by, statement):
        with pytest.raises(StatementError):
            record_facts(by=by(), person=register(), statements=[statement])


class TestConflict:
    def test_it_is_listed_until_a_person_settles_it(self, register, by):
        person = register(living="alone")
        record_facts(by=by("community"), person=person, statements=[Statement("living", "with_children")])
        assert (current(person).living, current(person).conflicts) == ("with_children", ",living,")
        settle_conflict(by=by("community"), person=person, fact="living", value="alone")
        assert (current(person).living, current(person).conflicts) == ("alone", "")
        assert Entry.objects.order_by("-sequence")[0].action == "conflict.settled"


class TestRetract:
    def test_it_needs_a_reason(self, register, by):
        person = register(sex="F")
        with pytest.raises(StatementError, match="needs a reason"):
            retract(by=by(), person=person, records=[FactRecord.objects.get().pk])

    def test_another_persons_record_is_refused(self, register, by):
        register(sex="F")
        with pytest.raises(StatementError, match="no record"):
            retract(by=by(reason="错录"), person=register(), records=[FactRecord.objects.get().pk])

    def test_twice_is_refused(self, register, by):
        person = register(sex="F")
        records = [FactRecord.objects.get().pk]
        retract(by=by(reason="错录"), person=person, records=records)
        with pytest.raises(StatementError, match="was retracted"):
            retract(by=by(reason="错录"), person=person, records=records)
        assert current(person).sex is None

    def test_it_can_be_said_again(self, register, by):
        person = register(sex="F")
        retract(by=by(reason="错录"), person=person, records=[FactRecord.objects.get().pk])
        record_facts(by=by(), person=person, statements=[Statement("sex", "F")])
        assert current(person).sex == "F"


class TestTheDatabaseItself:
    @pytest.mark.parametrize("model", [Transaction, FactRecord, Retraction])
    @pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_nothing_recorded_can_be_changed(self, register, by, model, change):
        person = register(sex="F")
        retract(by=by(reason="错录"), person=person, records=[FactRecord.objects.get().pk])
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(model._meta.db_table))

    def test_nobody_is_deleted(self, register):
        register()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_person")

    @pytest.mark.parametrize("lacking", ["person_id", "transaction_id", "division_id"])
    def test_a_record_names_what_exists(self, register, lacking):
        person = register()
        values = {
            "person_id": person.pk,
            "transaction_id": Transaction.objects.get().pk,
            "fact": "sex",
            "source": "police",
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            FactRecord.objects.create(**values | {lacking: 10**9})

    @pytest.mark.parametrize(
        "values",
        [
            {"fact": "alive", "value": "false", "valid_to": DAY},
            {"fact": "death_date", "value": None},
            {"fact": "sex", "value": "F", "valid_from": DAY, "valid_to": day(1)},
        ],
    )
    def test_dates_are_in_order_and_deaths_for_good(self, register, values):
        person = register()
        with pytest.raises(IntegrityError), transaction.atomic():
            FactRecord.objects.create(person=person, transaction=Transaction.objects.get(), source="police", **values)


def test_the_projection_is_what_the_records_say(register, by):
    person = register(name="张伟", sex="F", residence="640381001201", phone="13800138000")
    record_facts(by=by("community"), person=person, statements=[Statement("living", "alone"), Statement("sex", "M")])
    assert list(rebuild()) == []
    CurrentPerson.objects.filter(pk=person.pk).update(sex="M", living=None)
    (difference,) = rebuild(write=False)
    assert (difference.person_id, difference.columns) == (person.pk, ("sex", "living"))
    assert len(list(rebuild())) == 1
    assert current(person).sex == "F"
    assert list(rebuild()) == []


def test_keys_stay_when_a_number_is_stated_again(register, by, resident_number):
    person = register(resident_id=resident_number())
    record_facts(by=by("health"), person=person, statements=[Statement("resident_id", resident_number())])
    assert PersonKey.objects.count() == 1
