package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessClient.Revoke;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessPlanOptions;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes grants. */
@Command(name = "revoke", description = "Revokes grants.")
public final class RevokeVerb extends MeshVerb {
  @Parameters(arity = "1..*", paramLabel = "ID", description = "As 'mesh grant' printed them")
  private List<String> ids;

  @Option(
      names = "--on",
      paramLabel = "PRODUCT|DOMAIN",
      description = "Fails if a grant is on anything else")
  private @Nullable String resource;

  @Option(names = "--because", paramLabel = "TEXT", description = "The reason, for the log")
  private @Nullable String because;

  @Option(names = "--cascade", description = "Also revokes what the grantees granted to others")
  private boolean cascade;

  @Mixin private AccessPlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Revoke<List<GrantSummary>> revoke = client.revoke(ids.toArray(new String[0]));
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
          return VerbAnswer.change(document, lines(grants));
        });
  }

  /** Names the IDs without a grant; they are accepted, because a retry has them too. */
  private String[] lines(List<GrantSummary> revoked) {
    List<String> missing = new ArrayList<>(ids);
    revoked.forEach(grant -> missing.remove(grant.id()));
    return Stream.concat(
            Stream.of(GrantDocument.lines("revoked", revoked)),
            missing.stream()
                .map(
                    id ->
                        "nothing to revoke: your domain has no grant "
                            + id
                            + "; it may be revoked already, or be another domain's"))
        .toArray(String[]::new);
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
