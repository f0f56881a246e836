// What the community's list lacks, or says otherwise than we do.

export default {
};
