package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.MajorVersion;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the rollout of a product. */
@Command(
    name = "rollout",
    description = "Shows its rollout: state, dates, rows that differ, and whom it waits for.")
public final class RolloutVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = newest(client);
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", rollout.product().toString())
            .put("number", rollout.number())
            .put("kind", kind(rollout))
            .put("state", rollout.state().name())
            .put("from", rollout.from());
    JsonFields.put(document, "successor", successor(rollout));
    document
        .put("because", rollout.because())
        .put("startedAt", rollout.startedAt().toString())
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
          .put("since", each.since().toString());
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
    return VerbAnswer.question(document, List.of(rollout.toString()));
  }

  /** The one that has not ended, or else the last one. */
  private Rollout<?> newest(MeshClient client) {
    Optional<Rollout<?>> newest =
        client.rollouts(product).stream()
            .max(
                Comparator.comparing((Rollout<?> each) -> !each.state().isEnded())
                    .thenComparing(Rollout::number));
    return newest.isPresent() ? newest.get() : client.rollout(product);
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

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
