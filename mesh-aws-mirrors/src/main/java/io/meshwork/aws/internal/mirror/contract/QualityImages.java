package io.meshwork.aws.internal.mirror.contract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.GlueColumns;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.dqdl.DqdlRuleset;
import io.meshwork.internal.dqdl.DqdlRuleset.OmittedRule;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.Mirror.WantedObjects;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.runtime.IdGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What Glue Data Quality should have of a catalog of the mesh: a ruleset for each table that Glue
 * shows and whose contract has rules that DQDL can express. Immutable.
 */
final class QualityImages {
  static final String DESCRIPTION = "Description";
  static final String RULESET = "Ruleset";

  private static final int RULESETS = 70;
  private static final int MAX_DESCRIPTION = 2_048;
  private static final int MAX_RULESET = 65_536;
  private static final int MAX_RULES = 2_000;

  private final String account;
  private final String mark;
  private final List<Image> images = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  private QualityImages(MirroredCatalog catalog) {
    this.account = catalog.account();
    this.mark = mark(catalog);
  }

  /** Computes the objects from the registry. */
  static WantedObjects of(MirroredCatalog catalog) {
    QualityImages images = new QualityImages(catalog);
    catalog.domains().forEach(images::add);
    return new WantedObjects(images.images, images.refusals);
  }

  private void add(MirroredDomain domain) {
    for (Finding finding : domain.uncertainty()) {
      refusals.add(Refusal.ofContainer(domain.database(), finding));
    }
    domain.tables().stream()
        .filter(GlueImages::isShown) // The mirror of the data catalog has a finding for others.
        .forEach(table -> add(domain, table));
  }

  private void add(MirroredDomain domain, MirroredTable table) {
    String key = GlueImages.key(domain.database(), table.name().table());
    DqdlRuleset ruleset =
        DqdlRuleset.of(table.version().contract(), name -> name.toLowerCase(Locale.ROOT));
    List<OmittedRule> omitted =
        ruleset.omitted().stream().filter(each -> each.rule().kind() != Rule.Kind.TEXT).toList();
    if (!omitted.isEmpty()) {
      refusals.add(Refusal.ofObject(key + "/omitted", omitted(key, omitted)));
    }
    if (ruleset.rules().isEmpty()) {
      return;
    }
    if (ruleset.rules().size() > MAX_RULES || ruleset.text().length() > MAX_RULESET) {
      refusals.add(Refusal.ofObject(key, tooLarge(key, ruleset)));
      return;
    }
    images.add(
        new Image(
            key,
            RULESETS,
            Optional.of(domain.database()),
            content(description(table, ruleset, omitted), ruleset.text()),
            table.version().contractStored().version(),
            IdGenerator.time(table.version().contractStored().version()),
            Optional.empty(),
            Optional.empty()));
  }

  static String content(String description, String ruleset) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return Mirror.contentOf(json.put(DESCRIPTION, description).put(RULESET, ruleset));
  }

  /** Returns what the descriptions of all rulesets of a mesh contain, and no other descriptions. */
  static String mark(MirroredCatalog catalog) {
    return " in mesh " + catalog.meshId() + ".";
  }

  private String description(MirroredTable table, DqdlRuleset ruleset, List<OmittedRule> omitted) {
    String warnings =
        ruleset.rules().stream()
            .map(written -> written.rule())
            .filter(rule -> rule.severity() == Rule.Severity.WARN)
            .map(Rule::id)
            .collect(Collectors.joining(", "));
    String text =
        "Contract "
            + table.version().version()
            + " of "
            + table.product().name()
            + mark
            + (warnings.isEmpty() ? "" : " Only warnings: " + warnings + ".")
            + (omitted.isEmpty() ? "" : " Not in this ruleset: " + list(omitted) + ".");
    return GlueColumns.shortened(text, MAX_DESCRIPTION);
  }

  private static String list(List<OmittedRule> omitted) {
    return omitted.stream()
        .map(each -> each.rule().id() + " (" + each.reason() + ")")
        .collect(Collectors.joining(", "));
  }

  private Finding omitted(String key, List<OmittedRule> omitted) {
    return new Finding(
        FindingCode.RULES_NOT_MIRRORED,
        Finding.Severity.NOTE,
        where(key),
        "Glue Data Quality does not check these rules, which the mesh checks in each publish: "
            + list(omitted)
            + ".",
        omitted.size(),
        List.of(),
        "No action is needed.");
  }

  private Finding tooLarge(String key, DqdlRuleset ruleset) {
    return Finding.error(
        FindingCode.MIRROR_LIMIT,
        where(key),
        "Its ruleset has "
            + ruleset.rules().size()
            + " rules and "
            + ruleset.text().length()
            + " characters, and Glue Data Quality accepts "
            + MAX_RULES
            + " and "
            + MAX_RULESET
            + ". It is not mirrored; what was mirrored before stays.",
        "Shorten the lists of values in the rules, or split the product.");
  }

  private String where(String key) {
    return QualityMirror.NAME + " " + key + " in " + account;
  }
}
