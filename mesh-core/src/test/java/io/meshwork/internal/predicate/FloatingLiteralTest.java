package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatingLiteralTest {
  private final Random random = new Random(20);

  @Test
  void eachNumberEqualsItsPrintedForm() {
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        BigDecimal printed = new BigDecimal(Double.toString(number));
        assertThat(FloatingLiteral.exact(printed, false)).hasValue(number);
        assertThat(FloatingLiteral.exact(new BigDecimal(number), false)).hasValue(number);
        assertThat(FloatingLiteral.ceiling(printed, false)).isEqualTo(number);
        assertThat(FloatingLiteral.floor(printed, false)).isEqualTo(number);
      }
      float narrow = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(narrow)) {
        assertThat(FloatingLiteral.exact(new BigDecimal(Float.toString(narrow)), true))
            .hasValue(narrow);
        assertThat(FloatingLiteral.exact(new BigDecimal(Double.toString(narrow)), true))
            .hasValue(narrow);
      }
    }
  }

  @Test
  void aLiteralMeansTheSameOnEachVersionOfJava() {
    // Java 17 prints the float as -4.6017952E7, and Java 19 and later as -4.601795E7.
    assertThat(FloatingLiteral.exact(new BigDecimal("-4.601795E7"), true)).hasValue(-46017952);
    assertThat(FloatingLiteral.exact(new BigDecimal("-4.6017952E7"), true)).hasValue(-46017952);
    for (String text :
        List.of(
            "2.14863511155218842E18", "2.1486351115521884E18", "2.0E-3", "2.2E-322", "2.17E-322")) {
      assertThat(FloatingLiteral.exact(new BigDecimal(text), false))
          .as(text)
          .hasValue(Double.parseDouble(text));
    }
    assertThat(FloatingLiteral.exact(new BigDecimal("-46017951"), true)).isEmpty();
    assertThat(FloatingLiteral.exact(new BigDecimal("16777217"), true)).isEmpty();
  }

  @Test
  void literalBetweenTwoNumbersEqualsNeither() {
    for (int i = 0; i < 20_000; i++) {
      boolean narrow = random.nextBoolean();
      double low =
          narrow
              ? Float.intBitsToFloat(random.nextInt())
              : Double.longBitsToDouble(random.nextLong());
      double high = FloatingLiteral.above(low, narrow);
      if (Double.isFinite(low) && Double.isFinite(high)) {
        BigDecimal between =
            new BigDecimal(low).add(new BigDecimal(high)).divide(BigDecimal.valueOf(2));
        if (between.subtract(new BigDecimal(low)).compareTo(between.stripTrailingZeros().ulp())
            < 0) {
          continue; // a literal with so few digits denotes the number next to it
        }
        assertThat(FloatingLiteral.exact(between, narrow)).isEmpty();
        assertThat(FloatingLiteral.floor(between, narrow)).isEqualTo(low);
        assertThat(FloatingLiteral.ceiling(between, narrow)).isEqualTo(high);
      }
    }
  }

  @Test
  void literalBeyondTheGreatestNumberIsBelowInfinity() {
    BigDecimal beyond = new BigDecimal("1e39");
    assertThat(FloatingLiteral.exact(beyond, true)).isEmpty();
    assertThat(FloatingLiteral.floor(beyond, true)).isEqualTo(Float.MAX_VALUE);
    assertThat(FloatingLiteral.ceiling(beyond, true)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(FloatingLiteral.ceiling(beyond.negate(), true)).isEqualTo(-Float.MAX_VALUE);
    assertThat(FloatingLiteral.exact(beyond, false)).hasValue(1e39);
    assertThat(FloatingLiteral.floor(new BigDecimal("1e-60"), true)).isZero();
    assertThat(FloatingLiteral.ceiling(new BigDecimal("1e-60"), true)).isEqualTo(Float.MIN_VALUE);
  }
}
