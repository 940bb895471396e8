package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains whether a principal may read a product. */
@Command(name = "explain", description = "Explains whether you, or another, may read a product.")
public final class ExplainVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(names = "--who", paramLabel = "ACCOUNT/ROLE", description = "Default: yourself")
  private @Nullable String who;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ExplainedAccess access =
        client.access().explain(who == null ? client.principal() : principal(who), product);
    List<String> lines = new ArrayList<>();
    lines.add(access.who() + (access.allowed() ? " may read " : " may not read ") + product);
    access.because().forEach(line -> lines.add("because  " + line));
    access.missing().forEach(line -> lines.add("missing  " + line));
    access.shortestChange().forEach(line -> lines.add("change   " + line));
    if (!access.whoCanGrant().isEmpty()) {
      lines.add("ask      " + String.join(", ", access.whoCanGrant()));
    }
    ObjectNode document = VerbAnswer.newDocument();
    document.setAll(document(access));
    return VerbAnswer.question(document, lines);
  }

  static ObjectNode document(ExplainedAccess access) {
    ObjectNode document = VerbAnswer.newNode();
    document
        .put("who", access.who())
        .put("product", access.product().toString())
        .put("allowed", access.allowed())
        .put("everyCell", access.everyCell());
    document.set("columns", JsonFields.array(access.columns()));
    document.set("hiddenColumns", JsonFields.array(access.hiddenColumns()));
    document.set("because", JsonFields.array(access.because()));
    document.set("missing", JsonFields.array(access.missing()));
    document.set("shortestChange", JsonFields.array(access.shortestChange()));
    document.set("whoCanGrant", JsonFields.array(access.whoCanGrant()));
    return document;
  }
}
