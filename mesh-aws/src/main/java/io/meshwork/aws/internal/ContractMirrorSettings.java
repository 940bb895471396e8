package io.meshwork.aws.internal;

/**
 * What a configuration says of the mirrors of contracts. Immutable.
 *
 * @param mesh the name of the mesh
 * @param schemaRegistry true if schemas are mirrored to Glue's Schema Registry
 * @param dataQuality true if rules are mirrored to Glue Data Quality
 */
public record ContractMirrorSettings(String mesh, boolean schemaRegistry, boolean dataQuality) {
  /** Returns the name of a domain's registry in Glue. */
  public String registry(String database) {
    return prefix(mesh) + database;
  }

  /** Returns the name of the ruleset of a table. */
  public String ruleset(String database, String table) {
    return prefix(mesh) + database + "." + table;
  }

  /** Returns the start of the names of all registries and rulesets of a mesh. */
  public static String prefix(String mesh) {
    return "mesh-" + mesh + ".";
  }
}
