package io.meshwork.cli.internal.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Rolls out new major versions, and shows rollouts: of a product, or all of the caller's domain.
 */
@Command(
    name = "rollout",
    description = {
      "Changes, ends, and shows versions of a product, with notice to its consumers.",
      "With a product alone, shows its rollout. Without, lists rollouts of your domain and its subscriptions."
    },
    synopsisSubcommandLabel = "[VERB]",
    subcommands = {
      RolloutPlanVerb.class,
      RolloutStartVerb.class,
      BackFillVerb.class,
      CompareVerb.class,
      AnnounceVerb.class,
      ActivateVerb.class,
      MakeCurrentVerb.class,
      CloseVerb.class,
      RetireVerb.class,
      StatusVerb.class,
      TrackAnswerVerb.class,
      MoveVerb.class,
      MovedVerb.class,
      AcceptVerb.class,
      OfferVerb.class,
      EscalateVerb.class,
      DormantVerb.class,
      ExtendVerb.class,
      AbortVerb.class,
      RestoreVerb.class,
      PurgeVerb.class,
      EndVerb.class,
      AmendVerb.class,
      StewardRequestsVerb.class,
      StewardApprovalVerb.class,
    })
public final class RolloutVerbs extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT", arity = "0..1", description = "Whose rollout is shown")
  private @Nullable String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (product != null) {
      return RolloutAnswer.status(NamedRollout.newest(client, product));
    }
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode rollouts = document.putArray("rollouts");
    List<String> lines = new ArrayList<>();
    for (Rollout<?> each : client.rollouts()) {
      rollouts
          .addObject()
          .put("product", each.product().toString())
          .put("number", each.number())
          .put("state", each.state().name())
          .put("from", each.from())
          .put("retireAfter", each.retireAfter().toString());
      lines.add(
          each.product()
              + "  "
              + each.number()
              + "  "
              + each.state()
              + "  v"
              + each.from()
              + " until "
              + each.retireAfter());
    }
    return VerbAnswer.question(document, lines.isEmpty() ? List.of("no rollouts") : lines);
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
