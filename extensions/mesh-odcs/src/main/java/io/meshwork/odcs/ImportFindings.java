package io.meshwork.odcs;

import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Collects what an import did, with the lines of the document. */
final class ImportFindings {
  private final YamlNode root;
  private final boolean strict;
  private final List<Element> elements = new ArrayList<>();

  ImportFindings(YamlNode root, boolean strict) {
    this.root = root;
    this.strict = strict;
  }

  /** True if what is ambiguous is refused. */
  boolean strict() {
    return strict;
  }

  void mapped(String path) {
    add(path, Outcome.MAPPED, "");
  }

  void mapped(String path, String note) {
    add(path, Outcome.MAPPED, note);
  }

  void preserved(String path, String note) {
    add(path, Outcome.PRESERVED, note);
  }

  void notExecuted(String path, String note) {
    add(path, Outcome.NOT_EXECUTED, note);
  }

  /** A demand that nothing ensures: refused by a strict import, otherwise not executed. */
  void unmet(String path, String note) {
    add(path, strict ? Outcome.REFUSED : Outcome.NOT_EXECUTED, note);
  }

  void refused(String path, String note) {
    add(path, Outcome.REFUSED, note);
  }

  /** Refuses what a lenient import retains without a meaning. */
  void ambiguous(String path, String note) {
    add(path, strict ? Outcome.REFUSED : Outcome.PRESERVED, note);
  }

  /** What was refused is stated by another part of the document. */
  void restored(String note) {
    elements.replaceAll(
        each ->
            each.outcome() == Outcome.REFUSED
                ? new Element(each.path(), each.line(), Outcome.MAPPED, note)
                : each);
  }

  List<Element> elements() {
    return List.copyOf(elements);
  }

  private void add(String path, Outcome outcome, String note) {
    elements.add(new Element(path, line(path), outcome, note));
  }

  private int line(String path) {
    YamlNode node = root;
    int line = root.place().line();
    for (String step : path.split("[.\\[\\]]+", -1)) {
      if (!step.isEmpty()) {
        YamlNode.Entry entry = node.entries().get(step);
        boolean index = node.isList() && step.chars().allMatch(Character::isDigit);
        if (entry == null && (!index || Integer.parseInt(step) >= node.items().size())) {
          return line;
        }
        node = entry == null ? node.items().get(Integer.parseInt(step)) : entry.value();
        line = entry == null ? node.place().line() : entry.key().place().line();
      }
    }
    return line;
  }
}
