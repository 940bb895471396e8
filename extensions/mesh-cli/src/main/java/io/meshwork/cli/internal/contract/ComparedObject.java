package io.meshwork.cli.internal.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.ContractSource;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding.Severity;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one object of two contract files compares.
 *
 * @param name its name; empty if the files have one contract each
 * @param difference what changes; null if only one file has the object
 * @param removed true if only the old file has it
 */
record ComparedObject(String name, @Nullable ContractDifference difference, boolean removed) {
  /** Compares the objects of two files by their names, in the order of the names. */
  static List<ComparedObject> of(ContractSource old, ContractSource next) {
    Map<String, Contract> before = old.contracts();
    Map<String, Contract> after = next.contracts();
    List<ComparedObject> compared = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      Contract was = before.get(name);
      Contract is = after.get(name);
      compared.add(
          new ComparedObject(
              name, was == null || is == null ? null : was.differenceTo(is), is == null));
    }
    return compared;
  }

  Verdict verdict() {
    return difference != null ? difference.verdict() : removed ? Verdict.MAJOR : Verdict.MINOR;
  }

  boolean oldConsumersRead() {
    return difference == null
        ? !removed
        : difference.changes().stream().allMatch(ContractDifference.Change::oldReadersReadNewRows);
  }

  boolean newConsumersRead() {
    return difference == null
        || difference.changes().stream().allMatch(ContractDifference.Change::newReadersReadOldRows);
  }

  /** Returns the terms that promise less, which consumers still read. */
  List<String> weakerPromises() {
    return difference == null
        ? List.of()
        : difference.changes().stream()
            .filter(change -> change.verdict() == Verdict.AMENDMENT)
            .map(change -> name.isEmpty() ? change.path() : name + "." + change.path())
            .toList();
  }

  /**
   * Returns the changes as findings in the new file.
   *
   * @param onlyBreaking true to leave out differences after which consumers read on as before
   */
  List<FileFinding> findings(ContractSource next, boolean onlyBreaking) {
    List<FileFinding> findings = new ArrayList<>();
    if (difference == null && (removed || !onlyBreaking)) {
      String code = removed ? "OBJECT_REMOVED" : "OBJECT_ADDED";
      String what = removed ? "the object was removed" : "the object is new";
      findings.add(
          finding(next, removed ? Severity.ERROR : Severity.NOTE, verdict(), code, "", what));
    } else if (difference != null) {
      for (ContractDifference.Change change : difference.changes()) {
        if (!onlyBreaking || severity(change) != Severity.NOTE) {
          findings.add(
              finding(
                  next,
                  severity(change),
                  change.verdict(),
                  change.code().name(),
                  change.path(),
                  sentence(change)));
        }
      }
    }
    return findings;
  }

  private static Severity severity(ContractDifference.Change change) {
    if (!change.oldReadersReadNewRows()) {
      return Severity.ERROR;
    }
    return change.verdict().compareTo(Verdict.AMENDMENT) >= 0 ? Severity.WARNING : Severity.NOTE;
  }

  private FileFinding finding(
      ContractSource next,
      Severity severity,
      Verdict verdict,
      String code,
      String path,
      String what) {
    return new FileFinding(
        next.name(),
        line(next, path),
        severity,
        verdict.toString(),
        code,
        Stream.of(name, path).filter(each -> !each.isEmpty()).collect(Collectors.joining(".")),
        what);
  }

  /**
   * Returns the line on which a column is after its object; the line of the object if there is
   * none.
   */
  private int line(ContractSource next, String path) {
    return FileLines.of(next.text()).line(name.isEmpty() ? path : name + "." + path);
  }

  private static String sentence(ContractDifference.Change change) {
    String or = change.verdict() == Verdict.MAJOR ? " Instead: " : " ";
    return TerminalText.of(
        change.whatWithValues() + (change.fix().isEmpty() ? "" : or + change.fix()));
  }

  ObjectNode document(ContractSource next) {
    ObjectNode node = VerbAnswer.newNode().put("object", name).put("verdict", verdict().name());
    node.put("added", difference == null && !removed).put("removed", removed);
    ArrayNode changes = node.putArray("changes");
    if (difference != null) {
      for (ContractDifference.Change change : difference.changes()) {
        changes
            .addObject()
            .put("code", change.code().name())
            .put("verdict", change.verdict().name())
            .put("path", change.path())
            .put("line", line(next, change.path()))
            .put("before", change.before())
            .put("after", change.after())
            .put("oldConsumersReadNewRows", change.oldReadersReadNewRows())
            .put("newConsumersReadOldRows", change.newReadersReadOldRows())
            .put("what", TerminalText.of(change.what()))
            .put("fix", TerminalText.of(change.fix()));
      }
    }
    return node;
  }
}
