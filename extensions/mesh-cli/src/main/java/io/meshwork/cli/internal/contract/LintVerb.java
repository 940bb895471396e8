package io.meshwork.cli.internal.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.file.ContractSource;
import io.meshwork.cli.internal.file.StrictOption;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshException;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what is wrong with contract files, and what a mesh would not enforce. */
@Command(
    name = "lint",
    description = {
      "Says what is wrong in contract files.",
      "Also says what of ODCS a mesh would not enforce."
    },
    exitCodeList = {"20:A file has an error."})
final class LintVerb extends MeshVerb {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "ODCS (.yaml or .json), .json, .avsc, .avro, or .parquet; - is standard input")
  private List<String> files;

  @Mixin private StrictOption strict;

  @Mixin private Annotations annotations;

  @Override
  protected VerbAnswer answer() {
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode all = document.putArray("files");
    List<FileFinding> fileFindings = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String name : files) {
      String file = ContractSource.described(name);
      List<FileFinding> findings = new ArrayList<>();
      List<String> objects = lint(name, findings);
      findings.sort(Comparator.comparingInt(FileFinding::line));
      ObjectNode node = all.addObject().put("file", file);
      node.set("objects", JsonFields.array(objects));
      node.putArray("findings").addAll(findings.stream().map(FileFinding::document).toList());
      findings.forEach(finding -> lines.add(finding.toString()));
      lines.add(file + ": " + summary(findings));
      fileFindings.addAll(findings);
    }
    boolean wrong = FileFinding.isAnyError(fileFindings);
    document.put("valid", !wrong);
    return annotations.of(
        VerbAnswer.question(document, lines).exiting(wrong ? ExitCode.FINDINGS : 0),
        fileFindings,
        shell(),
        root().asJson());
  }

  private static String summary(List<FileFinding> findings) {
    return findings.isEmpty()
        ? "no fault."
        : counted(findings, Severity.ERROR, "error")
            + ", "
            + counted(findings, Severity.WARNING, "warning")
            + ", "
            + counted(findings, Severity.NOTE, "note")
            + ".";
  }

  private static String counted(List<FileFinding> findings, Severity severity, String name) {
    long count = findings.stream().filter(each -> each.severity() == severity).count();
    return Count.of(count, name);
  }

  /** Adds the findings of a file, and returns its objects. */
  private List<String> lint(String name, List<FileFinding> findings) {
    ContractSource source;
    try {
      source = ContractSource.read(name, shell().in(), strict.isSet());
    } catch (MeshException e) {
      if (e.errorCode() == ErrorCode.SOURCE_UNREADABLE) {
        throw e;
      }
      String file = ContractSource.described(name);
      findings.addAll(FileFinding.of(file, ContractSource.textAgain(name), e));
      return List.of();
    }
    if (source.document() == null) {
      return List.of();
    }
    for (Element element : source.document().report().elements()) {
      add(source, element, findings);
    }
    if (!FileFinding.isAnyError(findings)) {
      try {
        source.contracts();
      } catch (MeshException e) {
        findings.addAll(FileFinding.of(source.name(), source.text(), e));
      }
    }
    if (source.refusal() != null && !FileFinding.isAnyError(findings)) {
      findings.addAll(FileFinding.of(source.name(), source.text(), source.refusal()));
    }
    return source.document().objectNames();
  }

  private void add(ContractSource source, Element element, List<FileFinding> findings) {
    boolean mayBeMistaken =
        element.path().endsWith("logicalType") || element.path().endsWith("physicalType");
    Severity severity =
        switch (element.outcome()) {
          case REFUSED, NOT_EXECUTED -> strict.isSet() ? Severity.ERROR : Severity.WARNING;
          case MAPPED, PRESERVED -> Severity.NOTE;
        };
    boolean isPreserved = element.outcome() == Outcome.PRESERVED;
    if (severity != Severity.NOTE
        || ((mayBeMistaken || isPreserved) && !element.note().isEmpty())) {
      findings.add(
          new FileFinding(
              source.name(),
              element.line(),
              severity,
              element.outcome().name(),
              element.path(),
              (severity != Severity.NOTE
                      ? "is not enforced: "
                      : isPreserved ? "is preserved, not used: " : "")
                  + element.note()));
    }
  }
}
