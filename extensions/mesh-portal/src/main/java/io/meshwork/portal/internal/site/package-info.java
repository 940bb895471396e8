/** Creates the pages of one rendering from what one principal may know. */
@NullMarked
package io.meshwork.portal.internal.site;

import org.jspecify.annotations.NullMarked;
