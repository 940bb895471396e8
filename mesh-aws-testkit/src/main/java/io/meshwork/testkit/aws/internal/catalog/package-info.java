/**
 * The Glue Data Catalog with Lake Formation and shares of RAM: databases, tables, grants, schemas,
 * and rulesets.
 */
@NullMarked
package io.meshwork.testkit.aws.internal.catalog;

import org.jspecify.annotations.NullMarked;
