package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.RowValues;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.Finding;
import io.meshwork.governance.Audit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists who did what, or verifies the logs. */
@Command(
    name = "audit",
    description = "Lists changes, reads, and denials; --verify checks the logs.",
    exitCodeList = {"20:With --verify, a log was changed."})
public final class AuditVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "PRODUCT|DOMAIN",
      description = "Whose entries. Default: all that you may see")
  private @Nullable String resource;

  @Option(names = "--of", hidden = true)
  private @Nullable String of;

  @Option(names = "--by", paramLabel = "ACCOUNT/ROLE", description = "Only what this principal did")
  private @Nullable String by;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only entries from this date or time on, such as 2026-11-20T08:00:00Z")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only entries before this date or time")
  private @Nullable String until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most entries, newest first. Default: 1,000")
  private @Nullable Integer limit;

  @Option(names = "--verify", description = "Checks the chains of the logs instead")
  private boolean verify;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Audit audit = client.governance().audit();
    if (resource != null && of != null) {
      throw new UsageException("Name one product or domain.");
    }
    if (resource != null || of != null) {
      audit = audit.subject(resource == null ? Objects.requireNonNull(of) : resource);
    }
    if (by != null) {
      audit = audit.principal(principal(by));
    }
    if (since != null) {
      audit = audit.since(OptionTexts.time(since));
    }
    if (until != null) {
      audit = audit.until(OptionTexts.time(until));
    }
    if (limit != null) {
      audit = audit.limit(limit);
    }
    if (verify) {
      List<Finding> findings = audit.verify();
      return FindingList.answer(findings, "The logs are unchanged.");
    }
    return entries(audit);
  }

  private static VerbAnswer entries(Audit audit) {
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode entries = document.putArray("entries");
    TextTable table = new TextTable("AT", "WHO", "ACTION", "SUBJECT", "OUTCOME");
    for (Audit.Entry entry : audit.list()) {
      ObjectNode node =
          entries
              .addObject()
              .put("at", JsonFields.time(entry.at()))
              .put("who", entry.who())
              .put("action", entry.action())
              .put("subject", entry.subject())
              .put("outcome", entry.outcome().name())
              .put("log", entry.log())
              .put("sequence", entry.sequence());
      node.set("details", RowValues.json(entry.details()));
      table.row(entry.at(), entry.who(), entry.action(), entry.subject(), entry.outcome());
    }
    return VerbAnswer.question(document, table.lines("No entries."));
  }
}
