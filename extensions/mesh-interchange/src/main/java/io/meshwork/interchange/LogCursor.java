package io.meshwork.interchange;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.ProductName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far the logs of products were read: the sequence of the last processed event of each. Its
 * text is such as {@code commerce/orders=17,commerce/refunds=3}. Immutable.
 */
final class LogCursor {
  /** Before the first event of every log. */
  static final LogCursor START = new LogCursor(new TreeMap<>());

  private final SortedMap<String, Long> positions;

  private LogCursor(SortedMap<String, Long> positions) {
    this.positions = Collections.unmodifiableSortedMap(positions);
  }

  /**
   * Parses a string.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if it is not the text of a cursor
   */
  static LogCursor of(String text) {
    SortedMap<String, Long> positions = new TreeMap<>();
    for (String part : text.isBlank() ? new String[0] : text.strip().split(",", -1)) {
      int sign = part.lastIndexOf('=');
      if (sign < 0) {
        throw invalid("a part has no '='");
      }
      String product = ProductName.of(part.substring(0, sign).strip()).toString();
      if (positions.put(product, sequence(part.substring(sign + 1).strip())) != null) {
        throw invalid("it has two positions of " + product);
      }
    }
    return new LogCursor(positions);
  }

  private static long sequence(String text) {
    // At most 18 digits, so that each number fits.
    if (!text.matches("[0-9]{1,18}")) {
      throw invalid("a position is not a sequence of digits");
    }
    return Long.parseLong(text);
  }

  /** Returns the sequence of the last processed event of a product; 0 if it has none. */
  long after(ProductName product) {
    return positions.getOrDefault(product.toString(), 0L);
  }

  /** Returns a copy with another position of a product. */
  LogCursor with(ProductName product, long sequence) {
    SortedMap<String, Long> all = new TreeMap<>(positions);
    all.put(product.toString(), sequence);
    return new LogCursor(all);
  }

  @Override
  public String toString() {
    return positions.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }

  private static InvalidRequestException invalid(String reason) {
    return Failure.of(MeshAction.of(Verb.READ, "a cursor of logs"))
        .because(reason)
        .fix("Use a cursor as the last export returned it, or none to begin with the first event.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
