package io.meshwork.aws.internal.mirror.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.GlueCalls;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.GetDataQualityRulesetResponse;

/**
 * Glue Data Quality in the account of a catalog: a ruleset for each table. Rulesets with other
 * names belong to other programs. Used by one thread.
 */
public final class QualityMirror implements Mirror {
  static final String NAME = "quality";

  private static final String ON_OTHER_TABLE = "{}";

  private final MirroredCatalog catalog;
  private final ContractMirrorSettings settings;
  private final GlueCalls calls;
  private final String region;

  /**
   * Creates the mirror.
   *
   * @param client opens a client with the credentials of {@link MirroredCatalog#runner}
   */
  public QualityMirror(
      MirroredCatalog catalog,
      ResourceNames names,
      ContractMirrorSettings settings,
      Supplier<GlueClient> client) {
    this.catalog = catalog;
    this.settings = settings;
    this.calls = new GlueCalls(catalog, names, client);
    this.region = names.region();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public WantedObjects wanted() {
    return QualityImages.of(catalog);
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return GlueImages.ofProduct(catalog);
  }

  /** A ruleset is on the table with the same key. */
  @Override
  public Optional<String> subject(String earlier, Image image) {
    return earlier.equals(MirroredObject.GLUE) ? Optional.of(image.key()) : Optional.empty();
  }

  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    return readEach(keys);
  }

  @Override
  public Optional<ServiceObject> read(String key) {
    GlueKey table = GlueKey.of(key);
    String name = ruleset(table);
    return calls
        .find(
            action(Verb.READ, name),
            "glue:GetDataQualityRuleset",
            resource(name),
            glue -> glue.getDataQualityRuleset(get -> get.name(name)))
        .map(
            ruleset ->
                new ServiceObject(Optional.of(table.database()), content(table, ruleset), ""));
  }

  /**
   * The table of a ruleset never changes; a ruleset on another table belongs to another program.
   */
  private static String content(GlueKey table, GetDataQualityRulesetResponse ruleset) {
    boolean isOnTable =
        ruleset.targetTable() != null
            && table.database().equals(ruleset.targetTable().databaseName())
            && table.table().equals(ruleset.targetTable().tableName());
    return isOnTable
        ? QualityImages.content(
            ruleset.description() == null ? "" : ruleset.description(), ruleset.ruleset())
        : ON_OTHER_TABLE;
  }

  /**
   * A ruleset on another table, or one that neither is as the mesh left it nor has its mark,
   * belongs to another program, and is never touched, not even by a repair.
   */
  @Override
  public Optional<Finding> objection(ObjectChange change) {
    String actual = change.actual().orElseThrow().content();
    if (actual.equals(ON_OTHER_TABLE)) {
      return Optional.of(foreign(change, " on another table"));
    }
    return change.contents().contains(actual) || hasMark(actual)
        ? Optional.empty()
        : Optional.of(foreign(change, ", and its description does not name this mesh"));
  }

  private boolean hasMark(String content) {
    return DocumentJson.parseObject("a ruleset", content)
        .path(QualityImages.DESCRIPTION)
        .asText()
        .contains(QualityImages.mark(catalog));
  }

  private Finding foreign(ObjectChange change, String how) {
    return new Finding(
        FindingCode.MIRROR_FOREIGN,
        Finding.Severity.WARNING,
        NAME + " " + change.key() + " in " + catalog.account(),
        "Another program made the ruleset "
            + ruleset(GlueKey.of(change.key()))
            + how
            + ". It stays as it is.",
        0,
        List.of(),
        "Rename or delete it, and run the mirrors again.");
  }

  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    GlueKey table = GlueKey.of(change.key());
    String name = ruleset(table);
    if (change.wanted().isEmpty()) {
      return List.of(
          call(
              "delete-data-quality-ruleset --region " + region + " --name " + name,
              Verb.DELETE,
              "DeleteDataQualityRuleset",
              name,
              glue -> glue.deleteDataQualityRuleset(delete -> delete.name(name))));
    }
    JsonNode json = DocumentJson.parseObject("a ruleset", change.wanted().get().content());
    String description = json.path(QualityImages.DESCRIPTION).asText();
    String ruleset = json.path(QualityImages.RULESET).asText();
    String arguments =
        " --region "
            + region
            + " --name "
            + name
            + " --description "
            + RequestJson.quoted(description)
            + " --ruleset "
            + RequestJson.quoted(ruleset);
    return List.of(
        change.actual().isEmpty()
            ? create(table, name, description, ruleset, arguments)
            : call(
                "update-data-quality-ruleset" + arguments,
                Verb.UPDATE,
                "UpdateDataQualityRuleset",
                name,
                glue ->
                    glue.updateDataQualityRuleset(
                        update -> update.name(name).description(description).ruleset(ruleset))));
  }

  private ServiceCall create(
      GlueKey table, String name, String description, String ruleset, String arguments) {
    return call(
        "create-data-quality-ruleset"
            + arguments
            + " --target-table DatabaseName="
            + table.database()
            + ",TableName="
            + table.table(),
        Verb.CREATE,
        "CreateDataQualityRuleset",
        name,
        glue ->
            glue.createDataQualityRuleset(
                create ->
                    create
                        .name(name)
                        .description(description)
                        .ruleset(ruleset)
                        .targetTable(
                            target ->
                                target.databaseName(table.database()).tableName(table.table()))));
  }

  private ServiceCall call(
      String command, Verb verb, String operation, String name, Consumer<GlueClient> request) {
    return calls.call(
        "aws glue " + command, action(verb, name), "glue:" + operation, resource(name), request);
  }

  private static String resource(String name) {
    return "dataQualityRuleset/" + name;
  }

  private static MeshAction action(Verb verb, String name) {
    return MeshAction.of(verb, name + " in Glue Data Quality");
  }

  private String ruleset(GlueKey table) {
    return settings.ruleset(table.database(), table.table());
  }
}
