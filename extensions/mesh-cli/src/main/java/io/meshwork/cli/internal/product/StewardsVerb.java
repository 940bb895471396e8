package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists, appoints, or dismisses stewards of the mesh. */
@Command(
    name = "stewards",
    description = "Lists the stewards of the mesh; appoints or dismisses one.")
public final class StewardsVerb extends MeshVerb {
  @Option(
      names = "--appoint",
      paramLabel = "ACCOUNT/ROLE",
      description = "Makes this principal a steward")
  private @Nullable String appointed;

  @Option(
      names = "--dismiss",
      paramLabel = "ACCOUNT/ROLE",
      description = "This principal is no longer a steward")
  private @Nullable String dismissed;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (appointed != null && dismissed != null) {
      throw new UsageException("Options --appoint and --dismiss exclude each other.");
    }
    if (appointed != null) {
      return changed(
          "appointed", client.governance().appoint(principal(appointed)).commit(), appointed);
    }
    if (dismissed != null) {
      return changed(
          "dismissed", client.governance().dismiss(principal(dismissed)).commit(), dismissed);
    }
    List<Principal> stewards = client.governance().stewards();
    var document = VerbAnswer.newDocument();
    document.set("stewards", JsonFields.array(stewards));
    return VerbAnswer.question(
        document,
        stewards.isEmpty()
            ? List.of("The mesh has no stewards.")
            : stewards.stream().map(Principal::toString).toList());
  }

  private static VerbAnswer changed(String status, List<Principal> stewards, String who) {
    var document = VerbAnswer.newDocument(status);
    document.set("stewards", JsonFields.array(stewards));
    return VerbAnswer.change(document, who + " is " + status + ".");
  }

  @Override
  public boolean isChange() {
    return appointed != null || dismissed != null;
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
