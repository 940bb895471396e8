package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.dqdl.DqdlRuleset;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.dqdl.DqdlParser;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A ruleset in the Data Quality Definition Language (DQDL) of AWS Glue, as rules of a contract.
 *
 * <p>A rule is read if its verdict equals DQDL's for the same rows: where nulls fail in DQDL, it
 * gets a second rule that forbids them, and where ends of ranges are excluded, so they are here.
 * {@link #report()} states for each rule what became of it, and what differs. Immutable and
 * thread-safe.
 */
public final class DqdlDocument {
  private static final int MAX_LENGTH = 1 << 20;

  private final Contract contract;
  private final String text;
  private final List<Rule> rules;
  private final OdcsReport report;

  private DqdlDocument(Contract contract, String text, List<Rule> rules, List<Element> elements) {
    this.contract = contract;
    this.text = text;
    this.rules = List.copyOf(rules);
    this.report = new OdcsReport(elements);
  }

  /**
   * Reads a ruleset for the columns of a contract.
   *
   * @param file UTF-8, at most 1 MiB
   * @param contract whose columns the rules name; its rules stay
   * @param sources the products that the ruleset names by an alias, by alias
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read; CONTRACT_INVALID
   *     if it is not DQDL, LIMIT_EXCEEDED if it exceeds a limit, both with line and column
   */
  public static DqdlDocument read(Path file, Contract contract, Map<String, ProductName> sources) {
    String name = String.valueOf(file.getFileName());
    OdcsErrors errors = OdcsErrors.ofDqdl(name);
    return read(errors.text(file, MAX_LENGTH), contract, sources, errors);
  }

  /**
   * Reads a ruleset from a string, as {@link #read}.
   *
   * @param ruleset the text; not null
   * @param contract whose columns the rules name; its rules stay
   * @param sources the products that the ruleset names by an alias, by alias
   * @throws InvalidRequestException as {@link #read}
   */
  public static DqdlDocument parse(
      String ruleset, Contract contract, Map<String, ProductName> sources) {
    OdcsErrors errors = OdcsErrors.ofDqdl("in a text");
    if (ruleset.length() > MAX_LENGTH) {
      throw errors.tooLarge(new YamlNode.SourcePosition(1, 1), "", "it is longer than 1 MiB");
    }
    return read(ruleset, contract, sources, errors);
  }

  /**
   * Writes the rules and the primary key of a contract. The report names each rule that DQDL cannot
   * express with the same verdict as {@code NOT_EXECUTED}, with its ID, the line 0, and the reason.
   *
   * @param contract not null
   */
  public static DqdlDocument of(Contract contract) {
    DqdlRuleset ruleset = DqdlRuleset.of(contract, name -> name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < ruleset.rules().size(); i++) {
      String id = ruleset.rules().get(i).rule().id();
      elements.add(new Element(id, i + 2, Outcome.MAPPED, ""));
    }
    for (DqdlRuleset.OmittedRule each : ruleset.omitted()) {
      elements.add(new Element(each.rule().id(), 0, Outcome.NOT_EXECUTED, each.reason()));
    }
    List<Rule> rules = ruleset.rules().stream().map(DqdlRuleset.WrittenRule::rule).toList();
    return new DqdlDocument(contract, ruleset.text(), rules, elements);
  }

  private static DqdlDocument read(
      String text, Contract contract, Map<String, ProductName> sources, OdcsErrors errors) {
    DqdlParser parser = DqdlParser.read(text, errors);
    DqdlRuleList list = new DqdlRuleList(contract, Map.copyOf(sources));
    List<Element> elements = new ArrayList<>(list.add(parser.rules()));
    for (int i = 0; i < parser.analyzers().size(); i++) {
      int line = parser.analyzers().get(i).place().line();
      elements.add(
          new Element(
              "Analyzers[" + i + "]", line, Outcome.NOT_EXECUTED, "an analyzer has no verdict"));
    }
    List<Rule> rules = list.rules();
    return new DqdlDocument(contract.require(rules.toArray(Rule[]::new)), text, rules, elements);
  }

  /** Returns the contract with the rules of the ruleset. */
  public Contract contract() {
    return contract;
  }

  /** Returns the rules of the ruleset that are part of the contract. */
  public List<Rule> rules() {
    return rules;
  }

  /**
   * Returns what became of each rule, with paths such as {@code Rules[3]}. What is {@code
   * NOT_EXECUTED} has no equivalent; what is {@code REFUSED} contradicts the contract, or needs a
   * source that was not named.
   */
  public OdcsReport report() {
    return report;
  }

  /** Returns the ruleset: as it was read, or as it is written for a contract. */
  public String asDqdl() {
    return text;
  }
}
