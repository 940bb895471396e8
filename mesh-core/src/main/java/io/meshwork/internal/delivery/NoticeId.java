package io.meshwork.internal.delivery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ID of a notice, such as {@code commerce/orders/17/published.finance.revenue}, of an event,
 * such as {@code commerce/orders/17}, or of all that an event causes, such as {@code
 * commerce/orders/17/*}. Immutable.
 *
 * @param partition the partition of the log
 * @param event the number of the event in it
 * @param effect what the notice is about; empty in the ID of an event
 */
record NoticeId(String partition, long event, Optional<String> effect) {
  private static final Pattern ID = Pattern.compile("(.+)/([0-9]{1,18})(?:/([^/]+))?");

  private static final String ALL = "*";

  /** Returns the ID of all that an event causes. */
  static String ofAll(String partition, long event) {
    return partition + "/" + event + "/" + ALL;
  }

  /** Returns a string as an ID; empty if it is none. */
  static Optional<NoticeId> parse(String text) {
    Matcher parts = ID.matcher(text);
    return parts.matches()
        ? Optional.of(
            new NoticeId(
                parts.group(1),
                Long.parseLong(parts.group(2)),
                Optional.ofNullable(parts.group(3))))
        : Optional.empty();
  }

  /** Returns true if this is the ID of all that an event causes. */
  boolean isOfAll() {
    return effect.filter(ALL::equals).isPresent();
  }
}
