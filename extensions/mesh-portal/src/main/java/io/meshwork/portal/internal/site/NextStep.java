package io.meshwork.portal.internal.site;

import io.meshwork.consume.Subscription;
import io.meshwork.portal.internal.text.TrackConsumer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a consumer does next in a rollout.
 *
 * @param text the step, in a sentence; empty if there is nothing to do
 * @param command the commands that do it, one a line; empty if it needs none
 */
record NextStep(String text, String command) {
  private static final NextStep NOTHING = new NextStep("", "");

  /**
   * Returns the step of a consumer.
   *
   * @param subscriptions the subscriptions of the consumer's domain, with the version of each
   */
  static NextStep of(Rollout<?> rollout, Track track, List<Subscription.Summary> subscriptions) {
    OptionalInt reads =
        subscriptions.stream()
            .filter(each -> each.product().equals(rollout.product()))
            .filter(each -> track.consumer().equals(each.domain() + "/" + each.name()))
            .mapToInt(Subscription.Summary::major)
            .findFirst();
    boolean moved = reads.isPresent() && reads.getAsInt() > rollout.from();
    if (track.released() || (moved && track.state() == Track.State.MIGRATING)) {
      return NOTHING;
    } else if (moved) {
      return new NextStep(
          "Read version " + reads.getAsInt() + " once, which proves the move.",
          "mesh poll " + TrackConsumer.of(track.consumer()).subscription() + " --to FILE");
    } else if (isToAnswer(track)) {
      return new NextStep(
          "Agree, or ask for a later day.",
          "mesh rollout answer "
              + rollout.product()
              + " "
              + TrackConsumer.of(track.consumer()).subscription()
              + " --agree");
    } else if (rollout instanceof MajorRollout major) {
      return move(major, track);
    }
    return rollout instanceof TermsAmendment ? NOTHING : leave(rollout, track);
  }

  /** Silence accepts a date too, but a proposal of an earlier one needs an answer. */
  private static boolean isToAnswer(Track track) {
    boolean silent = track.answer() == Track.Answer.NONE || track.answer() == Track.Answer.SEEN;
    return silent && (!track.dateAccepted() || track.earlierDate().isPresent());
  }

  private static NextStep move(MajorRollout rollout, Track track) {
    String version = "version " + rollout.to();
    if (rollout.state() == Rollout.State.ANNOUNCED) {
      return new NextStep(
          "Wait until "
              + version
              + " can be read, then move before the end of "
              + track.date()
              + ".",
          "");
    } else if (!track.subscribed()) {
      return new NextStep(
          "Read " + version + " alone before the end of " + track.date() + ", and state it.",
          "mesh rollout moved " + rollout.product() + " @ --because TEXT");
    }
    String command =
        "mesh rollout move "
            + rollout.product()
            + " "
            + TrackConsumer.of(track.consumer()).subscription();
    return new NextStep(
        "Move to "
            + version
            + " before the end of "
            + track.date()
            + "; first compare the rows of both versions.",
        command + " --plan\n" + command);
  }

  private static NextStep leave(Rollout<?> rollout, Track track) {
    String instead =
        rollout instanceof ProductEnd end
            ? end.successor().map(next -> "Read " + next + " instead, and end").orElse("End")
            : "End";
    return new NextStep(
        instead
            + (track.subscribed() ? " the subscription" : " your reads")
            + " before the end of "
            + track.date()
            + ".",
        track.subscribed()
            ? "mesh unsubscribe "
                + rollout.product()
                + " "
                + TrackConsumer.of(track.consumer()).subscription()
            : "");
  }
}
