/** The mirrors of contracts: schemas in the Schema Registry of Glue, rules in Glue Data Quality. */
@NullMarked
package io.meshwork.aws.internal.mirror.contract;

import org.jspecify.annotations.NullMarked;
