-- The twelve benefits as bits, written by hand for DuckDB from the view `people`; 2024-01 .. 2026-12 are bits 0 .. 35.
--
-- Of every condition two masks are kept: the months known true (r, _t) and the months possibly true (p, _p); AND and OR
-- are & and | on both, and undetermined is possible but not known. 68719476735 is every month, 4095 the year 2024,
-- 262143 up to June 2025, 16777215 up to December 2025, 1073741823 up to June 2026.
-- Months are decided by their last day, so an age or a date counts from the month it falls into; whoever was born on
-- 29 February comes of age a month later in a common year.
CREATE OR REPLACE TEMP MACRO month_of(d) AS year(d) * 12 + month(d) - 24289;
CREATE OR REPLACE TEMP MACRO months_from(k) AS
    CASE WHEN k <= 0 THEN 68719476735 WHEN k > 35 THEN 0 ELSE 68719476736 - (1::BIGINT << k) END;
CREATE OR REPLACE TEMP MACRO months_before(k) AS
    CASE WHEN k <= 0 THEN 0 WHEN k > 35 THEN 68719476735 ELSE (1::BIGINT << k) - 1 END;
-- Lines that rise: being below the line of one year is being below those of later years too. NULL without an income.
CREATE OR REPLACE TEMP MACRO below(income, line_2024, line_2025, line_2026) AS
    CASE WHEN income < line_2024 THEN 68719476735 WHEN income < line_2025 THEN 68719472640
         WHEN income < line_2026 THEN 68702699520 WHEN income IS NOT NULL THEN 0 END;
CREATE OR REPLACE TEMP MACRO known(a) AS coalesce(a, 0);
CREATE OR REPLACE TEMP MACRO possible(a) AS coalesce(a, 68719476735);
CREATE OR REPLACE TEMP MACRO aged_70_then_65(m29) AS (months_from(m29 + 840) & 4095) | (months_from(m29 + 780) & 68719472640);
CREATE OR REPLACE TEMP MACRO aged_75_then_70(m29) AS (months_from(m29 + 900) & 16777215) | (months_from(m29 + 840) & 68702699520);

WITH atoms AS (
    SELECT *,
        CASE WHEN death_date IS NOT NULL THEN months_before(month_of(death_date))
             WHEN alive THEN 68719476735 WHEN NOT alive THEN 0 END AS life,
        month_of(birth_date) AS born,
        month_of(birth_date) + (month(birth_date) = 2 AND day(birth_date) = 29)::INTEGER AS born29,
        CASE WHEN starts_with(hukou, '640381') THEN true
             WHEN rtrim(hukou, '0') NOT IN ('64', '6403') THEN false END AS here,
        CASE WHEN hukou_since > DATE '2024-01-31' THEN months_from(month_of(hukou_since)) ELSE 68719476735 END AS settled,
        disability_grade <> 'none'
            AND (disability_certificate OR disability_certificate IS NULL AND disability_certificate_to IS NOT NULL) AS certified,
        (ability IN ('moderate', 'severe', 'complete') OR dementia) AND living <> 'institution' AS disabled_at_home,
        dibao OR tekun <> 'none' AS supported,
        NOT dibao AND tekun = 'none' AS unsupported,
        dibao OR low_income_family AS poor_family,
        tekun IN ('scattered', 'undecided') AS tekun_at_home,
        tekun = 'central' AS tekun_central,
        living = 'alone' AS alone,
        living IN ('alone', 'empty_nest_couple', 'left_behind') AS without_children,
        CASE WHEN income_per_capita_month >= 138000 THEN 0
             WHEN hukou_type = 'urban' THEN below(income_per_capita_month, 120000, 130000, 138000)
             WHEN hukou_type = 'rural' THEN below(income_per_capita_month, 80000, 86000, 92000) ELSE 0 END AS low_income,
        income_per_capita_month < 220000 AS meal_income,
        (self_care_unable_recognised OR ability = 'complete' AND needs_home_care)
            AND tekun <> 'central' AND income_per_capita_month < 165000 AS respite
    FROM people
), lived AS (
    SELECT *, known(life) AS life_t, possible(life) AS life_p, known(low_income) AS low_t,
        CASE WHEN hukou_type IS NULL THEN possible(below(income_per_capita_month, 120000, 130000, 138000))
             ELSE possible(low_income) END AS low_p
    FROM atoms
), shared AS (
    SELECT *,
        CASE WHEN here THEN life_t & settled ELSE 0 END AS local_t,
        CASE WHEN NOT here THEN 0 ELSE life_p & settled END AS local_p,
        (months_from(born + 960) & 262143) | (months_from(born29 + 900) & 68719214592) AS aged_allowance,
        (months_from(born + 960) & 1073741823) | (months_from(born29 + 900) & 67645734912) AS aged_visit,
        -- A certificate is valid on its last day: from the day after on it is not.
        CASE WHEN NOT certified THEN 0 ELSE life_t & known(months_from(month_of(disability_certificate_from)))
            & known(months_before(month_of(disability_certificate_to + 1))) END AS valid_t,
        CASE WHEN NOT certified THEN 0 ELSE life_p & possible(months_from(month_of(disability_certificate_from)))
            & possible(months_before(month_of(disability_certificate_to + 1))) END AS valid_p,
        low_t <> 0 AND unsupported AS due_care, low_p <> 0 AND unsupported AS maybe_care,
        certified AND disability_grade IN ('1', '2') AND needs_long_term_care AS severe,
        special_family AND here AS special_here
    FROM lived
), items AS (
    SELECT *,
        local_t & known(aged_allowance) AS r01, local_p & possible(aged_allowance) AS p01,
        CASE WHEN dibao THEN life_t & known(months_from(born + 720)) ELSE 0 END AS r02, CASE WHEN NOT dibao THEN 0 ELSE life_p & possible(months_from(born + 720)) END AS p02,
        CASE WHEN due_care THEN local_t & known(aged_70_then_65(born29)) & low_t ELSE 0 END AS r03,
        CASE WHEN NOT maybe_care THEN 0 ELSE local_p & possible(aged_70_then_65(born29)) & low_p END AS p03,
        CASE WHEN tekun_at_home THEN life_t & known(months_from(born + 720)) ELSE 0 END AS r04,
        CASE WHEN NOT tekun_at_home THEN 0 ELSE life_p & possible(months_from(born + 720)) END AS p04,
        CASE WHEN tekun_central THEN life_t & known(months_from(born + 720)) ELSE 0 END AS r05,
        CASE WHEN NOT tekun_central THEN 0 ELSE life_p & possible(months_from(born + 720)) END AS p05,
        CASE WHEN certified THEN valid_t & CASE WHEN poor_family THEN 68719476735
             ELSE known(below(income_per_capita_month, 60000, 65000, 70000)) END ELSE 0 END AS r06,
        CASE WHEN NOT certified THEN 0 ELSE valid_p & CASE WHEN NOT poor_family
             THEN possible(below(income_per_capita_month, 60000, 65000, 70000)) ELSE 68719476735 END END AS p06,
        CASE WHEN severe THEN valid_t ELSE 0 END AS r07, CASE WHEN NOT severe THEN 0 ELSE valid_p END AS p07,
        CASE WHEN disabled_at_home THEN life_t & known(months_from(born + 720)) & CASE WHEN supported THEN 68719476735 ELSE low_t END ELSE 0 END AS r08,
        CASE WHEN NOT disabled_at_home THEN 0
             ELSE life_p & possible(months_from(born + 720)) & CASE WHEN NOT supported THEN low_p ELSE 68719476735 END END AS p08,
        CASE WHEN local_p = 0 THEN 0 ELSE local_t & (
            CASE WHEN meal_income THEN known(aged_75_then_70(born29)) & below(income_per_capita_month, 200000, 220000, 220000) ELSE 0 END
            | CASE WHEN supported THEN known(months_from(born + 720)) ELSE 0 END | CASE WHEN alone THEN known(aged_visit) ELSE 0 END) END AS r09,
        CASE WHEN local_p = 0 THEN 0 ELSE local_p & (CASE WHEN NOT meal_income THEN 0
                ELSE possible(aged_75_then_70(born29)) & possible(below(income_per_capita_month, 200000, 220000, 220000)) END
            | CASE WHEN NOT supported THEN 0 ELSE possible(months_from(born + 720)) END | CASE WHEN NOT alone THEN 0 ELSE possible(aged_visit) END) END AS p09,
        CASE WHEN without_children THEN life_t & known(aged_visit) ELSE 0 END AS r10,
        CASE WHEN NOT without_children THEN 0 ELSE life_p & possible(aged_visit) END AS p10,
        CASE WHEN special_here THEN life_t & known(months_from(born + 720))
             & CASE WHEN hukou_since <= DATE '2015-12-31' THEN 68719476735 WHEN hukou_since <= DATE '2018-12-31' THEN 68719472640
                    WHEN hukou_since <= DATE '2020-12-31' THEN 68702699520 ELSE 0 END ELSE 0 END AS r11,
        CASE WHEN NOT special_here THEN 0 ELSE life_p & possible(months_from(born + 720))
             & CASE WHEN hukou_since <= DATE '2015-12-31' THEN 68719476735 WHEN hukou_since <= DATE '2018-12-31' THEN 68719472640
                    WHEN hukou_since <= DATE '2020-12-31' THEN 68702699520 WHEN hukou_since IS NULL THEN 68719476735
                    ELSE 0 END END AS p11,
        CASE WHEN respite THEN life_t & known(months_from(born29 + 780))
             & CASE WHEN income_per_capita_month < 150000 THEN 68719476735 ELSE 68719214592 END ELSE 0 END AS r12,
        CASE WHEN NOT respite THEN 0 ELSE life_p & possible(months_from(born29 + 780))
             & CASE WHEN income_per_capita_month >= 150000 THEN 68719214592 ELSE 68719476735 END END AS p12
    FROM shared
), tiers AS (
    SELECT *, CASE WHEN p01 <> 0 THEN months_from(born29 + 1080) ELSE 0 END AS aged_90,
        CASE WHEN p01 <> 0 THEN months_from(born + 1200) ELSE 0 END AS aged_100
    FROM items
)
SELECT id,
    r01::BIGINT AS "R-01", (p01 & ~r01)::BIGINT AS "R-01?",
    r01 & known(aged_100) AS "R-01~1", p01 & possible(aged_100) & ~(r01 & known(aged_100)) AS "R-01~1?",
    r01 & ~possible(aged_100) & known(aged_90) AS "R-01~2", p01 & ~known(aged_100) & possible(aged_90) & ~(r01 & ~possible(aged_100) & known(aged_90)) AS "R-01~2?",
    r01 & ~possible(aged_90) AS "R-01~3", p01 & ~known(aged_90) & ~(r01 & ~possible(aged_90)) AS "R-01~3?",
    r02::BIGINT AS "R-02", (p02 & ~r02)::BIGINT AS "R-02?", r03::BIGINT AS "R-03", (p03 & ~r03)::BIGINT AS "R-03?",
    r04::BIGINT AS "R-04", (p04 & ~r04)::BIGINT AS "R-04?", r05::BIGINT AS "R-05", (p05 & ~r05)::BIGINT AS "R-05?",
    r06::BIGINT AS "R-06", (p06 & ~r06)::BIGINT AS "R-06?", r07::BIGINT AS "R-07", (p07 & ~r07)::BIGINT AS "R-07?",
    r08::BIGINT AS "R-08", (p08 & ~r08)::BIGINT AS "R-08?", r09::BIGINT AS "R-09", (p09 & ~r09)::BIGINT AS "R-09?",
    r10::BIGINT AS "R-10", (p10 & ~r10)::BIGINT AS "R-10?", r11::BIGINT AS "R-11", (p11 & ~r11)::BIGINT AS "R-11?",
    r12::BIGINT AS "R-12", (p12 & ~r12)::BIGINT AS "R-12?"
FROM tiers
