package io.meshwork.cli.internal.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.util.List;
import java.util.Optional;

/** What verbs print of a rollout. */
final class RolloutAnswer {
  private RolloutAnswer() {}

  /** Returns the whole rollout: its state, dates, differences, and tracks. */
  static VerbAnswer status(Rollout<?> rollout) {
    ObjectNode document = identified(VerbAnswer.newDocument(), rollout);
    document
        .put("because", rollout.because())
        .put("startedAt", JsonFields.time(rollout.startedAt()))
        .put("retireAfter", rollout.retireAfter().toString());
    Optional<MajorRollout> major =
        Optional.of(rollout).filter(MajorRollout.class::isInstance).map(MajorRollout.class::cast);
    JsonFields.put(document, "cutOver", major.flatMap(MajorRollout::cutOver));
    ArrayNode differences = document.putArray("differences");
    for (RowDifference each : major.map(MajorRollout::differences).orElse(List.of())) {
      differences
          .addObject()
          .put("reason", each.reason().name())
          .put("major", each.major())
          .put("rows", each.rows())
          .put("because", each.because())
          .put("since", JsonFields.time(each.since()));
    }
    ArrayNode tracks = document.putArray("tracks");
    for (Track each : rollout.tracks()) {
      tracks
          .addObject()
          .put("consumer", each.consumer())
          .put("state", each.state().name())
          .put("answer", each.answer().name())
          .put("date", each.date().toString())
          .put("released", each.released());
    }
    return VerbAnswer.question(document, TerminalText.of(rollout.toString()).lines().toList());
  }

  /**
   * Returns what a change left: the rollout in short, and what comes next.
   *
   * @param status such as {@code announced}
   */
  static VerbAnswer changed(String status, Rollout<?> rollout) {
    ObjectNode document = identified(VerbAnswer.newDocument(status), rollout);
    document.put("retireAfter", rollout.retireAfter().toString());
    String next = next(rollout);
    return VerbAnswer.change(
        document,
        "Rollout "
            + rollout.number()
            + " of "
            + rollout.product()
            + " is "
            + rollout.state()
            + "."
            + (next.isEmpty() ? "" : " Next: mesh rollout " + next));
  }

  /** Returns the track after an answer or an offer. */
  static VerbAnswer changed(String status, Rollout<?> rollout, Track track) {
    ObjectNode document = identified(VerbAnswer.newDocument(status), rollout);
    document
        .put("consumer", track.consumer())
        .put("answer", track.answer().name())
        .put("date", track.date().toString());
    JsonFields.put(document, "requestedDate", track.requestedDate());
    return VerbAnswer.change(document, sentence(status, track));
  }

  private static String sentence(String status, Track track) {
    String consumer =
        track.consumer() + (track.subscribed() ? "" : " (reads without a subscription)");
    if (status.equals(MovedVerb.STATUS)) {
      return consumer + " states that it moved: " + track.reason();
    }
    return track
        .requestedDate()
        .map(
            date ->
                consumer
                    + " asks for "
                    + date
                    + ". Until the owner accepts it, it keeps its version until "
                    + track.date()
                    + ".")
        .orElse(consumer + " keeps its version until " + track.date() + ": " + track.reason());
  }

  private static ObjectNode identified(ObjectNode document, Rollout<?> rollout) {
    document
        .put("product", rollout.product().toString())
        .put("number", rollout.number())
        .put("kind", kind(rollout))
        .put("state", rollout.state().name())
        .put("from", rollout.from());
    JsonFields.put(document, "successor", successor(rollout));
    return document;
  }

  private static String kind(Rollout<?> rollout) {
    return rollout instanceof MajorRollout
        ? "NEW_MAJOR_VERSION"
        : rollout instanceof ProductEnd ? "END" : "AMENDMENT";
  }

  private static Optional<MajorVersion> successor(Rollout<?> rollout) {
    if (rollout instanceof MajorRollout major) {
      return Optional.of(new MajorVersion(major.product(), major.to()));
    }
    return rollout instanceof ProductEnd end ? end.successor() : Optional.empty();
  }

  /** Returns the verb that the owner calls next; empty once the rollout has ended. */
  private static String next(Rollout<?> rollout) {
    String verb =
        switch (rollout.state()) {
          case PLANNED ->
              rollout instanceof MajorRollout major
                      && major.cutOver().isEmpty()
                      && !major.isWithoutHistory()
                  ? "back-fill"
                  : "announce";
          case ANNOUNCED ->
              rollout instanceof MajorRollout
                  ? "activate"
                  : rollout instanceof ProductEnd ? "close" : "retire";
          case PARALLEL -> rollout.announcedAt().isEmpty() ? "announce" : "close";
          case CLOSING -> "retire";
          case RETIRED, ABORTED, AMENDED -> "";
        };
    return verb.isEmpty() ? "" : verb + " " + rollout.product();
  }
}
