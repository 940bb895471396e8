package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.aws.internal.mirror.NamedLinks.NamedLink;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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

  /** Marks a database of links with names from the mesh: its value is the account that has it. */
  static final String LINKS_OF = GlueImages.OURS + "linksOf";

  private static final String OWNER = "Owner";
  private static final String TYPE = "Type";
  private static final String DESCRIBE = "DESCRIBE";

  /**
   * Returns the objects.
   *
   * @param named the links that the domain of the account gave names to
   * @param accepted the types of shares that have to be accepted; none in an organization
   */
  List<LakeFormationObject> objects(
      List<DatabaseShare> shares, NamedLinks named, Set<ShareType> accepted) {
    List<LakeFormationObject> objects = new ArrayList<>();
    for (ShareType type : accepted) {
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.share(type), Stage.SHARE, Optional.empty(), share(catalog, type)));
    }
    for (DatabaseShare share : shares) {
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.link(share.link()),
              Stage.LINK_DATABASE,
              container(share, accepted),
              share.whole()
                  ? database(share.database())
                  : folder(share.link(), LINKS_TO, catalog)));
      String key = LakeFormationKeys.link(share.link());
      ObjectNode link = LakeFormationJson.database(account, share.link());
      describe(share.allViewers(), key, link, objects);
      if (!share.whole()) {
        share.tables().forEach(table -> addTable(share, share.link(), table, table, objects));
      }
    }
    addNamed(shares, named, accepted, objects);
    return objects;
  }

  private static Optional<String> container(DatabaseShare share, Set<ShareType> accepted) {
    ShareType type = share.whole() ? ShareType.DATABASE : ShareType.TABLE;
    return accepted.contains(type) ? Optional.of(LakeFormationKeys.share(type)) : Optional.empty();
  }

  /** Names are given to what is shared; a name alone shares nothing. */
  private void addNamed(
      List<DatabaseShare> shares,
      NamedLinks named,
      Set<ShareType> accepted,
      List<LakeFormationObject> objects) {
    Map<String, Set<String>> viewers = new TreeMap<>();
    for (NamedLink link : named.links()) {
      for (DatabaseShare share : shares) {
        if (link.isTo(share)) {
          String key = LakeFormationKeys.link(link.database());
          Set<String> cached = viewers.get(link.database());
          if (cached == null) {
            cached = new TreeSet<>();
            viewers.put(link.database(), cached);
            objects.add(
                LakeFormationObject.of(
                    key,
                    Stage.LINK_DATABASE,
                    container(share, accepted),
                    folder(link.database(), LINKS_OF, account)));
          }
          cached.addAll(share.readersOf(link.table()));
          addTable(share, link.database(), link.name(), link.table(), objects);
        }
      }
    }
    viewers.forEach(
        (database, readers) ->
            describe(
                DatabaseShare.withoutMembers(readers),
                LakeFormationKeys.link(database),
                LakeFormationJson.database(account, database),
                objects));
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

  private void addTable(
      DatabaseShare share,
      String in,
      String name,
      String table,
      List<LakeFormationObject> objects) {
    String key = LakeFormationKeys.link(in, name);
    objects.add(
        LakeFormationObject.of(
            key,
            Stage.LINK_TABLE,
            Optional.of(LakeFormationKeys.link(in)),
            table(in, name, share.database(), table)));
    describe(share.readersOf(table), key, LakeFormationJson.table(account, in, name), objects);
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

  private static ObjectNode folder(String name, String mark, String folderName) {
    ObjectNode json = RequestJson.object().put(NAME, name);
    json.putObject(PARAMETERS).put(mark, folderName);
    return json;
  }

  private ObjectNode table(String in, String name, String database, String table) {
    ObjectNode json = RequestJson.object().put(LakeFormationJson.DATABASE_NAME, in).put(NAME, name);
    json.putObject(TARGET_TABLE)
        .put(LakeFormationJson.CATALOG, catalog)
        .put(LakeFormationJson.DATABASE_NAME, database)
        .put(NAME, table);
    return json;
  }
}
