package io.meshwork.cli.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import org.junit.jupiter.api.Test;

/** A finding is one line that says each thing once. */
class FindingTextTest {
  @Test
  void thePlaceIsNamedOnce() {
    assertThat(FindingText.of(finding("root:lake/a.parquet", "root:lake/a.parquet: it is wrong.")))
        .isEqualTo("FILE_REFUSED root:lake/a.parquet: it is wrong. Leave it out.");
    assertThat(FindingText.of(finding("root:lake/a.parquet", "It is wrong")))
        .isEqualTo("FILE_REFUSED root:lake/a.parquet: It is wrong. Leave it out.");
  }

  private static Finding finding(String where, String what) {
    return Finding.error(FindingCode.FILE_REFUSED, where, what, "Leave it out.");
  }
}
