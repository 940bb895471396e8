package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lifts the suspensions of a product. */
@Command(
    name = "resume",
    description = "Lifts all suspensions of a product, so that consumers read it again.")
public final class ResumeVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    List<Integer> majors = client.governance().resumeReads(product).commit();
    VerbAnswer answer =
        VerbAnswer.change(
            VerbAnswer.newDocument(majors.isEmpty() ? "unchanged" : "resumed")
                .put("product", product),
            majors.isEmpty()
                ? "Reads of " + product + " were not suspended."
                : "Consumers read " + product + " again.");
    answer.document().set("majors", JsonFields.array(majors));
    return answer;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
