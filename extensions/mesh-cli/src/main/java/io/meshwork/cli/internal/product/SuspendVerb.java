package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.StewardRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suspends reads of a product. */
@Command(
    name = "suspend",
    description =
        "Suspends reads by consumers at once, for 72 hours or until a steward approved it.")
public final class SuspendVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, which consumers see")
  private String because;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "Only this version, and later ones. Default: all")
  private @Nullable Integer major;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    StewardRequest request =
        (major == null
                ? client.governance().suspendReads(product)
                : client.governance().suspendReads(product, major))
            .because(because)
            .commit();
    VerbAnswer answer =
        VerbAnswer.change(
            VerbAnswer.newDocument("suspended")
                .put("product", request.product().toString())
                .put("request", request.id()),
            "Consumers cannot read "
                + request.product()
                + " until "
                + JsonFields.text(request.until())
                + ", unless a steward approves it for longer.");
    answer.document().set("majors", JsonFields.array(request.majors()));
    JsonFields.put(answer.document(), "until", request.until());
    return answer;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
