package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/** What an account has in Lake Formation, as the mirror reads it. Stateless. */
public final class LakeFormationContents {
  private LakeFormationContents() {}

  /** Returns the objects by key, with those of others on the tables of the keys. */
  public static Map<String, String> of(
      LakeFormationClient client,
      String region,
      String catalog,
      String account,
      String administrator,
      Set<String> keys) {
    Map<String, String> contents = new TreeMap<>();
    new LakeFormationActual(
            client,
            new LakeFormationFailure("test", account, region),
            catalog,
            account,
            new LakeFormationSettings(administrator, account.equals(catalog), TrustedEngines.NONE),
            keys,
            false)
        .read()
        .forEach((key, object) -> contents.put(key, object.content()));
    return contents;
  }

  /** Returns the keys of what a finished run leaves in an account for one table. */
  public static Set<String> keysOf(
      String database, String table, String location, Map<String, List<String>> tags) {
    Set<String> keys = new TreeSet<>();
    keys.add(LakeFormationKeys.closed(database, Optional.empty()));
    keys.add(LakeFormationKeys.closed(database, Optional.of(table)));
    keys.add(LakeFormationKeys.SETTINGS);
    keys.add(LakeFormationKeys.location(location));
    tags.forEach(
        (key, values) -> values.forEach(value -> keys.add(LakeFormationKeys.tag(key, value))));
    return keys;
  }
}
