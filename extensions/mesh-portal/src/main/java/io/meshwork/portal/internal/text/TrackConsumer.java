package io.meshwork.portal.internal.text;

/**
 * The consumer of a track, which names it such as {@code finance/closing}.
 *
 * @param domain its domain
 * @param subscription the name of its subscription; {@code @} for a domain that reads without one
 */
public record TrackConsumer(String domain, String subscription) {
  private static final String NO_SUBSCRIPTION = "@";

  public static TrackConsumer of(String consumer) {
    int slash = consumer.indexOf('/');
    return new TrackConsumer(consumer.substring(0, slash), consumer.substring(slash + 1));
  }

  /** Returns the name of a consumer in words. */
  public static String text(String consumer) {
    return consumer.endsWith("/" + NO_SUBSCRIPTION)
        ? consumer.substring(0, consumer.length() - 2) + ", without a subscription"
        : consumer;
  }
}
