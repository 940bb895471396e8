package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.publish.RollBack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rolls a product back to an earlier snapshot. */
@Command(
    name = "rollback",
    description = "Makes the rows of an earlier snapshot the current ones again.")
public final class RollBackVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "SNAPSHOT",
      description = "As 'mesh history' prints it")
  private String snapshot;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version. Default: the current one")
  private @Nullable Integer major;

  @Option(names = "--restore-erased", description = "Allows rows to come back that were erased")
  private boolean restoreErased;

  @Option(
      names = "--allow-violations",
      description = "Allows rows to come back that break the current contract")
  private boolean allowViolations;

  @Option(names = "--key", paramLabel = "KEY", description = "The same key does this once")
  private @Nullable String key;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    RollBack rollBack = client.rollBack(product).to(snapshot).because(because);
    if (major != null) {
      rollBack.majorVersion(major);
    }
    if (restoreErased) {
      rollBack.restoreErased();
    }
    if (allowViolations) {
      rollBack.allowViolations();
    }
    if (key != null) {
      rollBack.idempotencyKey(key);
    }
    return ReceiptDocument.answer(client, rollBack.commit());
  }

  @Override
  protected String listing() {
    return "mesh log " + product;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
