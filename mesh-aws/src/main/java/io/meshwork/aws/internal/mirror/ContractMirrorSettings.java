package io.meshwork.aws.internal.mirror;

/**
 * What a configuration says of the mirrors of contracts. Immutable.
 *
 * @param mesh the name of the mesh
 * @param schemaRegistry true if schemas are mirrored to Glue's Schema Registry
 * @param dataQuality true if rules are mirrored to Glue Data Quality
 */
public record ContractMirrorSettings(String mesh, boolean schemaRegistry, boolean dataQuality) {
  /** Returns the name of a domain's registry in Glue. */
  String registry(String database) {
    return prefix(mesh) + database;
  }

  /** Returns the name of the ruleset of a table. */
  String ruleset(GlueKey table) {
    return prefix(mesh) + table.database() + "." + table.table();
  }

  /** Returns the start of the names of all registries and rulesets of a mesh. */
  public static String prefix(String mesh) {
    return "mesh-" + mesh + ".";
  }
}
