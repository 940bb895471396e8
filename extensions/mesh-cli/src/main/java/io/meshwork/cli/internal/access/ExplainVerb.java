package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains whether a principal may read a product. */
@Command(name = "explain", description = "Explains whether you, or another, may read a product.")
public final class ExplainVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--who",
      paramLabel = "ACCOUNT/ROLE",
      description = "Whose access. Default: yours")
  private @Nullable String who;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ExplainedAccess access =
        client.access().explain(who == null ? client.principal() : principal(who), product);
    return AccessAnswer.of(access);
  }
}
