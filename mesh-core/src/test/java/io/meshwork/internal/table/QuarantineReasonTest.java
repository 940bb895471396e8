package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineReasonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "breaks a.range (orders.csv, line 3)      | breaks a.range | orders.csv, line 3",
        "breaks a.range (orders (3).csv, line 3)  | breaks a.range | orders (3).csv, line 3",
        "breaks a.range (o.avro, record 7)        | breaks a.range | o.avro, record 7",
        "breaks a.range                           | breaks a.range | ''",
      })
  void aReasonIsReadAsItIsStored(String stored, String why, String place) {
    QuarantineReason reason = QuarantineReason.parse(stored);
    assertThat(reason).isEqualTo(new QuarantineReason(why, place));
    assertThat(reason.stored()).isEqualTo(stored);
  }
}
