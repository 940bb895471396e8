package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of texts that are values, and texts that are not. */
class ScalarTextTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21T08:30:00Z, 2026-11-21T08:30:00Z",
    "2026-11-21 08:30:00+00, 2026-11-21T08:30:00Z",
    "2026-11-21 08:30:00.123456+01:00, 2026-11-21T07:30:00.123456Z",
    "2026-11-21 08:30 -0530, 2026-11-21T14:00:00Z",
    "2026-11-21T08:30:00 UTC, 2026-11-21T08:30:00Z",
    "2026-11-21T08:30:00[Europe/Berlin], 2026-11-21T07:30:00Z",
    "2026-10-25T02:30:00+01:00[Europe/Berlin], 2026-10-25T01:30:00Z",
    "2026-10-25T02:30:00+02:00[Europe/Berlin], 2026-10-25T00:30:00Z",
  })
  void anInstantHasAnOffsetOrAnUnambiguousRegion(String text, Instant value) {
    assertThat(ScalarText.parse(ColumnKind.INSTANT, text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "INSTANT, 2026-11-21T08:30:00",
    "INSTANT, 2026-03-29T02:30:00[Europe/Berlin]",
    "INSTANT, 2026-03-29T02:30:00+01:00[Europe/Berlin]",
    "INSTANT, 2026-10-25T02:30:00[Europe/Berlin]",
    "INSTANT, 2026-10-25T02:30:00+03:00[Europe/Berlin]",
    "INSTANT, 2026-11-21T08:30:00[No/Where]",
    "INSTANT, 2026-02-30T08:30:00Z",
    "INSTANT, 1700000000",
    "LOCAL_TIMESTAMP, 2026-11-21T08:30:00Z",
    "DATE, 20261121",
    "DATE, 2026-02-30",
    "DATE, ' 2026-02-20'",
    "TIME, 8:30",
    "TIME, 24:00",
    "INT, 2147483648",
    "INT, 1.0",
    "INT, ' 1'",
    "INT, ''",
    "INT, ١",
    "LONG, 9223372036854775808",
    "LONG, 0x10",
    "FLOAT, 1e39",
    "DOUBLE, 1e309",
    "DOUBLE, 1d",
    "DOUBLE, 0x1p3",
    "DOUBLE, 1.2.3",
    "DECIMAL, '1,5'",
    "DECIMAL, 1e2000",
    "DECIMAL, 1e-2000",
    "DECIMAL, 1e999999999",
    "DECIMAL, 1e99999999999",
    "DECIMAL, 0e99999999999",
    "INT, 1e999999999",
    "LONG, 1e999999999",
    "FLOAT, 1e99999999999",
    "DOUBLE, 1e-99999999999",
    "DECIMAL, NaN",
    "INT, 007",
    "LONG, -00123",
    "DECIMAL, 01.5",
    "DOUBLE, +0015",
    "BOOLEAN, 1",
    "BOOLEAN, yes",
    "BYTES, a-b_",
  })
  void aTextInAnotherFormIsNotAValue(ColumnKind kind, String text) {
    assertThat(ScalarText.parse(kind, text)).isNull();
  }

  @Test
  void eachTypeHasItsForm() {
    assertThat(ScalarText.parse(ColumnKind.INT, "-7")).isEqualTo(-7);
    assertThat(ScalarText.parse(ColumnKind.INT, "0")).isEqualTo(0);
    assertThat(ScalarText.parse(ColumnKind.LONG, "+9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(ScalarText.parse(ColumnKind.BOOLEAN, "TRUE")).isEqualTo(true);
    assertThat(ScalarText.parse(ColumnKind.DOUBLE, ".5e1")).isEqualTo(5.0);
    assertThat(ScalarText.parse(ColumnKind.FLOAT, "nan")).isEqualTo(Float.NaN);
    assertThat(ScalarText.parse(ColumnKind.DOUBLE, "-inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ScalarText.parse(ColumnKind.DECIMAL, "1.500")).isEqualTo(new BigDecimal("1.5"));
    assertThat(ScalarText.parse(ColumnKind.DECIMAL, "15e3")).isEqualTo(new BigDecimal("15000"));
    assertThat(ScalarText.parse(ColumnKind.DECIMAL, "0e9999")).isEqualTo(BigDecimal.ZERO);
    assertThat(ScalarText.parse(ColumnKind.TIME, "08:30")).isEqualTo(LocalTime.of(8, 30));
    assertThat(ScalarText.parse(ColumnKind.LOCAL_TIMESTAMP, "2026-11-21 08:30:00.5"))
        .isEqualTo(LocalDateTime.parse("2026-11-21T08:30:00.5"));
    assertThat(ScalarText.parse(ColumnKind.BYTES, "AQID")).isEqualTo(new byte[] {1, 2, 3});
    assertThat(ScalarText.parse(ColumnKind.STRING, " x ")).isEqualTo(" x ");
  }
}
