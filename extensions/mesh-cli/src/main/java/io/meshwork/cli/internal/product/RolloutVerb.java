package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.RowDifference;
import io.meshwork.rollout.Track;
import java.util.List;
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
    Rollout rollout = client.rollout(product);
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", rollout.product().toString())
            .put("number", rollout.number())
            .put("kind", rollout.kind().name())
            .put("state", rollout.state().name())
            .put("from", rollout.from());
    JsonFields.put(document, "successor", rollout.successor());
    document
        .put("because", rollout.because())
        .put("startedAt", rollout.startedAt().toString())
        .put("retireAfter", rollout.retireAfter().toString());
    JsonFields.put(document, "cutOver", rollout.cutOver());
    ArrayNode differences = document.putArray("differences");
    for (RowDifference each : rollout.differences()) {
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

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
