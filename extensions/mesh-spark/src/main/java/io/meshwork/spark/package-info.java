/** The mesh as a catalog of Spark, whose appends satisfy the whole contract. */
@NullMarked
package io.meshwork.spark;

import org.jspecify.annotations.NullMarked;
