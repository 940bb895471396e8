package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.Revoke;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes grants. */
@Command(name = "revoke", description = "Revokes grants by the IDs that grant printed.")
final class RevokeVerb extends MeshVerb {
  @Parameters(arity = "1..*", paramLabel = "ID")
  private List<String> ids;

  @Option(names = "--on", paramLabel = "PRODUCT|DOMAIN", description = "Where they must be")
  private @Nullable String resource;

  @Option(names = "--because", paramLabel = "TEXT")
  private @Nullable String because;

  @Option(names = "--cascade", description = "Also revokes what was passed on")
  private boolean cascade;

  @Mixin private PlanOptions planning;

  @Override
  VerbAnswer answer(MeshClient client) {
    Revoke revoke = client.access().revoke(ids.toArray(new String[0]));
    if (resource != null) {
      revoke.on(resource);
    }
    if (because != null) {
      revoke.because(because);
    }
    if (cascade) {
      revoke.cascade();
    }
    return planning.answer(
        revoke,
        grants -> {
          var document = VerbAnswer.newDocument("revoked");
          document.set("grants", GrantDocument.of(grants));
          return VerbAnswer.change(document, GrantDocument.lines("revoked", grants));
        });
  }

  @Override
  boolean isChange() {
    return true;
  }
}
