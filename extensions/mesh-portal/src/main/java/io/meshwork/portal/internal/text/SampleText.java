package io.meshwork.portal.internal.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.card.ProductCard;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values of rows as text. A served page shows what its reader reads at that moment. In a stored
 * site, values of columns that are more sensitive than INTERNAL are masked: it is stored and copied
 * for longer than the rights of its reader last.
 */
public final class SampleText {
  public static final String MASKED = "\u2022\u2022\u2022";
  private static final int LONGEST = 80;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final boolean kept;
  private final Set<String> shown;

  /**
   * Creates strings of the rows of a product.
   *
   * @param kept true for the pages of a site that is stored
   */
  public SampleText(ProductCard card, boolean kept) {
    this.kept = kept;
    this.shown =
        card.columns().stream()
            .filter(column -> !isGuarded(column.classification()))
            .map(ProductCard.Column::name)
            .collect(Collectors.toSet());
  }

  /** Returns true if values of this classification are not for everyone. */
  public static boolean isGuarded(Classification classification) {
    return classification.compareTo(Classification.INTERNAL) > 0;
  }

  /** Returns a value; of structures, parts may be sensitive, so that a stored site has none. */
  public String of(String column, @Nullable Object value) {
    if (kept && !shown.contains(column)) {
      return MASKED;
    } else if (value == null) {
      return "null";
    } else if (kept && (value instanceof Map || value instanceof Collection)) {
      return "\u2026";
    }
    return shortened(value.toString(), LONGEST);
  }

  /** Returns a row of JSON as columns and values. */
  public String ofRow(String json) {
    try {
      List<String> values = new ArrayList<>();
      JSON.readTree(json)
          .properties()
          .forEach(
              field ->
                  values.add(field.getKey() + "=" + of(field.getKey(), value(field.getValue()))));
      return String.join(", ", values);
    } catch (JsonProcessingException e) {
      return MASKED;
    }
  }

  private @Nullable Object value(JsonNode node) {
    return node.isNull()
        ? null
        : node.isValueNode() ? node.asText() : kept ? List.of() : node.toString();
  }

  /**
   * Returns a string, or its start with an ellipsis.
   *
   * @param most the number of characters that the page has room for
   */
  public static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
  }
}
