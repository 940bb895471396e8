package io.meshwork.cli.internal.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.ContractSource;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that compares two contract files. */
abstract class ComparingVerb extends MeshVerb {
  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "The contract file of before; - is standard input")
  private String oldFile;

  @Parameters(
      index = "1",
      paramLabel = "NEW",
      description = "The contract file of now; - is standard input")
  private String newFile;

  @Mixin private Annotations annotations;

  /** True if only changes that consumers notice are shown. */
  abstract boolean onlyBreaking();

  /**
   * Returns the exit code.
   *
   * @param breaking true if consumers of the old file cannot read the new one
   */
  abstract int exitCode(boolean breaking);

  @Override
  protected VerbAnswer answer() {
    if (StandardInput.isNamed(oldFile) && StandardInput.isNamed(newFile)) {
      throw new UsageException("OLD and NEW cannot both be standard input.");
    }
    ContractSource old = ContractSource.read(oldFile, shell().in(), false);
    ContractSource next = ContractSource.read(newFile, shell().in(), false);
    List<ComparedObject> objects = ComparedObject.of(old, next);
    Verdict verdict =
        objects.stream().map(ComparedObject::verdict).reduce(Verdict.NONE, Verdict::orWorse);
    Optional<ContractVersion> follows = old.version().map(version -> version.next(verdict));
    boolean readable = objects.stream().allMatch(ComparedObject::oldConsumersRead);
    String sentence = sentence(old, next, follows, readable);
    List<FileFinding> findings =
        objects.stream().flatMap(object -> object.findings(next, onlyBreaking()).stream()).toList();

    List<String> lines = new ArrayList<>();
    lines.add(sentence);
    lines.add(outcome(old, next, follows, verdict));
    List<String> weaker =
        objects.stream().flatMap(object -> object.weakerPromises().stream()).toList();
    if (!weaker.isEmpty()) {
      lines.add(
          "Weaker promises: "
              + String.join(", ", weaker)
              + ". They break no reading, and take effect with notice to the consumers (mesh"
              + " rollout amend).");
    }
    findings.forEach(finding -> lines.add(finding.toString()));
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("old", old.name())
            .put("new", next.name())
            .put("verdict", verdict.name())
            .put("breaking", !readable)
            .put("oldConsumersReadNew", readable)
            .put("newConsumersReadOld", objects.stream().allMatch(ComparedObject::newConsumersRead))
            .put("sentence", sentence);
    JsonFields.put(document, "oldVersion", old.version());
    JsonFields.put(document, "newVersion", next.version());
    JsonFields.put(document, "nextVersion", follows);
    document.set("weakerPromises", JsonFields.array(weaker));
    document
        .putArray("objects")
        .addAll(objects.stream().map(object -> object.document(next)).toList());
    return annotations.of(
        VerbAnswer.question(document, lines).exiting(exitCode(!readable)),
        findings,
        shell(),
        root().asJson());
  }

  private static String sentence(
      ContractSource old, ContractSource next, Optional<ContractVersion> follows, boolean read) {
    String from = old.version().map(each -> "version " + each).orElse(old.name());
    String to =
        next.version()
            .filter(stated -> follows.isEmpty() || stated.compareTo(follows.get()) >= 0)
            .or(() -> follows)
            .map(each -> "version " + each)
            .orElse(next.name());
    return "Consumers of " + from + " can read " + to + ": " + (read ? "yes" : "no");
  }

  private static String outcome(
      ContractSource old, ContractSource next, Optional<ContractVersion> follows, Verdict verdict) {
    String kind =
        switch (verdict) {
          case NONE -> "Nothing changes.";
          case PATCH -> "The change is a patch.";
          case MINOR -> "The change is a minor version.";
          case AMENDMENT -> "The change weakens a promise.";
          case MAJOR -> "The change needs a new major version (mesh rollout start).";
          case REFUSED -> "A contract is not valid.";
        };
    if (follows.isEmpty() || verdict == Verdict.NONE) {
      return kind;
    }
    boolean low =
        next.version().filter(stated -> stated.compareTo(follows.get()) >= 0).isEmpty()
            && next.version().isPresent();
    return kind
        + " The version after "
        + old.version().orElseThrow()
        + " is "
        + follows.get()
        + (low ? "; " + next.name() + " says " + next.version().orElseThrow() : "")
        + ".";
  }
}
