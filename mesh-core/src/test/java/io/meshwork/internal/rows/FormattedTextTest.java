package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.schema.TextFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormattedTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,234.56     | (1,234.50)     | -1234.50",
        "1,234.56     | ( 5 )          | -5",
        "1.234,56     | 54.213,60-     | -54213.60",
        "1.234,56     | 54.213,60 -    | -54213.60",
        "1.234,56     | 1,5\u2212      | -1.5",
        "$1,234.56    | ($1,234.50)    | -1234.50",
        "$1,234.56    | $(1,234.50)    | -1234.50",
        "1.234,56 EUR | 54.213,60- EUR | -54213.60",
        "1.234,56 EUR | 54.213,60 EUR- | -54213.60",
        "(1,234.56)   | 12.50          | 12.50",
        "(1,234.56)   | (12.50)        | -12.50",
        "1.234,56-    | 12,50          | 12.50",
        "1,234.56     | (-5)           |",
        "1,234.56     | -(5)           |",
        "1,234.56     | -5-            |",
        "1,234.56     | (5             |",
        "1,234.56     | ()             |",
        "1,234.56     | 5.-            |",
        "1.234,56     | 5,-            |",
        "1.234,56     | -              |",
      })
  void aNegativeNumberOfAccountingIsReadInEachDeclaredForm(
      String form, String text, @Nullable String number) {
    FormattedText parser =
        FormattedText.of(ColumnKind.DECIMAL, new TextFormat(form, Set.of(), true));
    assertThat(parser.plainNumber(text)).isEqualTo(number);
  }
}
