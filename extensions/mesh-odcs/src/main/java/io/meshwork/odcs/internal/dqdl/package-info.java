/** Rulesets in the Data Quality Definition Language, from tokens to rules of a contract. */
@NullMarked
package io.meshwork.odcs.internal.dqdl;

import org.jspecify.annotations.NullMarked;
