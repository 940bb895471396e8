package io.meshwork.portal.internal.site;

import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.page.RolloutBlock;
import io.meshwork.portal.internal.page.RolloutBlock.TrackRow;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.TrackConsumer;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.TermsAmendment;
import java.util.ArrayList;
import java.util.List;

/** Creates the rollouts that the viewer's domain leads or is part of. */
final class RolloutReader {
  private final Rollout<?> rollout;
  private final List<? extends Track> tracks;

  private RolloutReader(Rollout<?> rollout) {
    this.rollout = rollout;
    this.tracks = rollout.tracks();
  }

  static RolloutBlock block(Rollout<?> rollout) {
    return new RolloutReader(rollout).block();
  }

  private RolloutBlock block() {
    long waits = tracks.stream().filter(track -> !track.released()).count();
    return new RolloutBlock(
        ProductAddress.of(rollout.product()),
        rollout.number(),
        change(rollout),
        state(),
        rollout.because(),
        dates(),
        rollout.announcedAt().isEmpty()
            ? "for its announcement"
            : waits == 0
                ? "for no consumer"
                : "for " + waits + " of " + Plural.of(tracks.size(), "consumer"),
        tracks.stream().map(RolloutReader::row).toList(),
        "mesh rollout status " + rollout.product());
  }

  static String change(Rollout<?> rollout) {
    if (rollout instanceof ProductEnd) {
      return "the product ends";
    } else if (rollout instanceof TermsAmendment) {
      return "terms of version " + rollout.from() + " change";
    }
    return "version " + rollout.version().major() + " replaces version " + rollout.from();
  }

  private String state() {
    return switch (rollout.state()) {
      case PLANNED -> "planned, not announced";
      case ANNOUNCED -> "announced";
      case PARALLEL -> "both versions are read";
      case CLOSING -> "the old version closes";
      case RETIRED -> "done";
      case ABORTED -> "aborted";
      case AMENDED -> "in effect";
    };
  }

  private List<Fact> dates() {
    List<Fact> dates = new ArrayList<>();
    dates.add(new Fact("Started", PageTime.day(rollout.startedAt()).text()));
    rollout
        .announcedAt()
        .ifPresent(at -> dates.add(new Fact("Announced", PageTime.day(at).text())));
    rollout.noticeEnds().ifPresent(day -> dates.add(new Fact("Notice ends", day.toString())));
    dates.add(new Fact("Last day", rollout.retireAfter().toString()));
    return dates;
  }

  private static TrackRow row(Track track) {
    return new TrackRow(
        TrackConsumer.text(track.consumer()),
        switch (track.state()) {
          case WAITING -> "reads the old version";
          case MIGRATING -> "reads both versions";
          case MIGRATED -> "moved";
          case DETACHED -> "left";
          case DORMANT -> "silent for long";
          case FORCED -> "cut off by the owner";
        },
        answer(track),
        track.date().toString(),
        !track.released(),
        track.reason());
  }

  private static String answer(Track track) {
    String reason = track.answerReason().map(text -> ": " + text).orElse("");
    return switch (track.answer()) {
      case NONE -> track.dateAccepted() ? "none; the date holds" : "none yet";
      case SEEN -> "has seen it";
      case AGREED -> "agreed";
      case COUNTERED ->
          "asks for " + track.requestedDate().map(Object::toString).orElse("a later day") + reason;
      case OBJECTED -> "objects" + reason;
    };
  }
}
