package io.meshwork.cli.internal.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import java.util.ArrayList;
import java.util.List;

/** Whether a principal may read a product, and why. */
public final class AccessAnswer {
  private AccessAnswer() {}

  public static VerbAnswer of(ExplainedAccess access) {
    List<String> lines = new ArrayList<>();
    lines.add(
        access.who() + (access.isAllowed() ? " may read " : " may not read ") + access.product());
    if (!access.hiddenColumns().isEmpty() && access.isAllowed()) {
      lines.add("hidden   " + String.join(", ", access.hiddenColumns()));
    }
    access.rowFilters().forEach(line -> lines.add("rows     " + line));
    access.because().forEach(line -> lines.add("because  " + TerminalText.of(line)));
    access.missing().forEach(line -> lines.add("missing  " + TerminalText.of(line)));
    access.shortestChange().forEach(line -> lines.add("change   " + TerminalText.of(line)));
    if (!access.whoCanGrant().isEmpty()) {
      lines.add("ask      " + String.join(", ", access.whoCanGrant()));
    }
    ObjectNode document = VerbAnswer.newDocument();
    document.setAll(document(access));
    return VerbAnswer.question(document, lines);
  }

  public static ObjectNode document(ExplainedAccess access) {
    ObjectNode document = VerbAnswer.newNode();
    document
        .put("who", access.who())
        .put("product", access.product().toString())
        .put("allowed", access.isAllowed())
        .put("everyCell", access.everyCell());
    document.set("columns", JsonFields.array(access.columns()));
    document.set("hiddenColumns", JsonFields.array(access.hiddenColumns()));
    document.set("rowFilters", JsonFields.array(access.rowFilters()));
    document.set("because", JsonFields.messages(access.because()));
    document.set("missing", JsonFields.messages(access.missing()));
    document.set("shortestChange", JsonFields.messages(access.shortestChange()));
    document.set("whoCanGrant", JsonFields.array(access.whoCanGrant()));
    return document;
  }
}
