package io.meshwork.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FindingCodeTest {
  @Test
  void eachMeaningIsOneSentence() {
    for (FindingCode code : FindingCode.values()) {
      assertThat(code.meaning()).as(code.name()).matches("[A-Z][^.]*\\.");
    }
  }

  @Test
  void noTwoCodesHaveTheSameMeaning() {
    assertThat(FindingCode.values()).extracting(FindingCode::meaning).doesNotHaveDuplicates();
  }

  @Test
  void eachAreaHasCodes() {
    for (FindingCode.Area area : FindingCode.Area.values()) {
      assertThat(FindingCode.values()).extracting(FindingCode::area).contains(area);
    }
  }

  @Test
  void theCodesOfAnAreaAreTogether() {
    assertThat(Arrays.stream(FindingCode.values()).map(FindingCode::area).toList())
        .isSortedAccordingTo(FindingCode.Area::compareTo);
  }

  @Test
  void aFindingIsPrintedWithItsCode() {
    assertThat(Finding.error(FindingCode.TYPE_UNION, "id", "Column id is a union.", "Split it."))
        .hasToString("ERROR TYPE_UNION at id: Column id is a union.");
  }
}
