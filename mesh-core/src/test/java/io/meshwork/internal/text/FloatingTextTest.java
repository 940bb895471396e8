package io.meshwork.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloatingTextTest {
  /** Java 17 prints more digits of some of them. */
  @ParameterizedTest
  @CsvSource({
    "0.002, 0.002",
    "100, 100.0",
    "1e7, 1.0E7",
    "9999999, 9999999.0",
    "0.001, 0.001",
    "0.00099, 9.9E-4",
    "-1.5, -1.5",
    "123456789.125, 1.23456789125E8",
    "4.9e-324, 4.9E-324",
    "1.7976931348623157e308, 1.7976931348623157E308",
    "2e23, 2.0E23",
    "1.0e23, 1.0E23",
    "2.2e-322, 2.2E-322",
    "2.1486351115521884e18, 2.1486351115521884E18",
  })
  void aDoubleHasTheFewestDigitsThatDenoteIt(double number, String text) {
    assertThat(FloatingText.of(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "16777216, 1.6777216E7",
    "3.4028235e38, 3.4028235E38",
    "1.4e-45, 1.4E-45"
  })
  void aFloatHasTheFewestDigitsThatDenoteIt(float number, String text) {
    assertThat(FloatingText.of(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aNumberWithoutDigitsHasItsName(double number) {
    assertThat(FloatingText.of(number)).isEqualTo(Double.toString(number));
    assertThat(FloatingText.of((float) number)).isEqualTo(Float.toString((float) number));
  }

  @Test
  void theTextDenotesTheNumberAndIsThatOfJavaUnlessJavaPrintsMore() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      float narrow = Float.intBitsToFloat(random.nextInt());
      String text = FloatingText.of(number);
      assertThat(Double.compare(Double.parseDouble(text), number)).isZero();
      assertThat(Float.compare(Float.parseFloat(FloatingText.of(narrow)), narrow)).isZero();
      String ofJava = Double.toString(number);
      if (!text.equals(ofJava)) {
        assertThat(text.length())
            .as("%s instead of %s", text, ofJava)
            .isLessThanOrEqualTo(ofJava.length());
      }
    }
  }
}
