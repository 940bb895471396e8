package io.meshwork.portal;

import io.meshwork.rollout.Rollout.Track;

/**
 * The consumer of a track, which names it such as {@code finance/closing}.
 *
 * @param domain its domain
 * @param subscription the name of its subscription; {@code @} for a domain that reads without one
 */
record TrackConsumer(String domain, String subscription) {
  private static final String NO_SUBSCRIPTION = "@";

  static TrackConsumer of(Track track) {
    int slash = track.consumer().indexOf('/');
    return new TrackConsumer(
        track.consumer().substring(0, slash), track.consumer().substring(slash + 1));
  }

  /** Returns the consumer in words. */
  String text() {
    return subscription.equals(NO_SUBSCRIPTION)
        ? domain + ", without a subscription"
        : domain + "/" + subscription;
  }
}
