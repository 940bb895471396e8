/**
 * Trees of YAML with the places of their parts, how they are merged, and errors about documents.
 */
@NullMarked
package io.meshwork.odcs.internal.document;

import org.jspecify.annotations.NullMarked;
