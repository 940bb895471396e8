package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The objects with which an account reaches what a catalog shares with it: accepted shares,
 * resource links in its own data catalog, and DESCRIBE on the links. Immutable.
 *
 * @param catalog the account of the catalog
 * @param account the account that has the links
 */
record LinkImages(String catalog, String account) {
  static final String NAME = "Name";
  static final String TARGET_DATABASE = "TargetDatabase";
  static final String TARGET_TABLE = "TargetTable";
  static final String PARAMETERS = "Parameters";

  /** Marks a database that has only links: its value is the account of their targets. */
  static final String LINKS_TO = GlueImages.OURS + "linksTo";

  private static final String OWNER = "Owner";
  private static final String TYPE = "Type";
  private static final String DESCRIBE = "DESCRIBE";

  /**
   * Returns the objects.
   *
   * @param accepted the types of shares that have to be accepted; none in an organization
   */
  List<LakeFormationObject> objects(List<DatabaseShare> shares, Set<ShareType> accepted) {
    List<LakeFormationObject> objects = new ArrayList<>();
    for (ShareType type : accepted) {
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.share(type), Stage.SHARE, Optional.empty(), share(catalog, type)));
    }
    for (DatabaseShare share : shares) {
      ShareType type = share.whole() ? ShareType.DATABASE : ShareType.TABLE;
      Optional<String> container =
          accepted.contains(type) ? Optional.of(LakeFormationKeys.share(type)) : Optional.empty();
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.link(share.link()),
              Stage.LINK_DATABASE,
              container,
              share.whole() ? database(share.database()) : folder(share.link())));
      String key = LakeFormationKeys.link(share.link());
      ObjectNode link = LakeFormationJson.database(account, share.link());
      describe(share.allViewers(), key, link, objects);
      if (!share.whole()) {
        share.tables().forEach(table -> addTable(share, table, objects));
      }
    }
    return objects;
  }

  /** Returns the key in Glue of what a link leads to; empty for a database that has only links. */
  static Optional<String> target(String link) {
    JsonNode json = DocumentJson.parseObject("a link", link);
    JsonNode table = json.path(TARGET_TABLE);
    JsonNode to = table.isObject() ? table : json.path(TARGET_DATABASE);
    return Optional.ofNullable(to.path(LakeFormationJson.DATABASE_NAME).textValue())
        .map(
            database ->
                table.isObject() ? GlueImages.key(database, table.path(NAME).asText()) : database);
  }

  /** Returns the content of an accepted share. */
  static ObjectNode share(String catalog, ShareType type) {
    return RequestJson.object().put(OWNER, catalog).put(TYPE, type.text());
  }

  private void addTable(DatabaseShare share, String table, List<LakeFormationObject> objects) {
    String key = LakeFormationKeys.link(share.link(), table);
    objects.add(
        LakeFormationObject.of(
            key,
            Stage.LINK_TABLE,
            Optional.of(LakeFormationKeys.link(share.link())),
            table(share.link(), share.database(), table)));
    describe(
        share.readersOf(table),
        key,
        LakeFormationJson.table(account, share.link(), table),
        objects);
  }

  private static void describe(
      Collection<String> principals,
      String link,
      ObjectNode resource,
      List<LakeFormationObject> objects) {
    for (String principal : principals) {
      ObjectNode content = RequestJson.object().put(GrantEntries.PRINCIPAL, principal);
      content.set(GrantEntries.RESOURCE, resource);
      content.putArray(GrantEntries.PERMISSIONS).add(DESCRIBE);
      content.putArray(GrantEntries.GRANTABLE);
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.grant(principal, resource),
              Stage.GRANT,
              Optional.of(link),
              content));
    }
  }

  private ObjectNode database(String name) {
    ObjectNode json = RequestJson.object().put(NAME, name);
    json.putObject(TARGET_DATABASE)
        .put(LakeFormationJson.CATALOG, catalog)
        .put(LakeFormationJson.DATABASE_NAME, name);
    return json;
  }

  private ObjectNode folder(String name) {
    ObjectNode json = RequestJson.object().put(NAME, name);
    json.putObject(PARAMETERS).put(LINKS_TO, catalog);
    return json;
  }

  private ObjectNode table(String in, String database, String name) {
    ObjectNode json = RequestJson.object().put(LakeFormationJson.DATABASE_NAME, in).put(NAME, name);
    json.putObject(TARGET_TABLE)
        .put(LakeFormationJson.CATALOG, catalog)
        .put(LakeFormationJson.DATABASE_NAME, database)
        .put(NAME, name);
    return json;
  }
}
