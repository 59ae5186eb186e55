# cmake -DOUTPUT=… -DFOLDER=… -P embed_migrations.cmake
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} text)
    string(APPEND entries "    {\"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"db/migrations.hpp\"

namespace pamoja {

std::span<const Migration> all_migrations() {
    static const std::vector<Migration> migrations{
${entries}    };
    return migrations;
}

}  // namespace pamoja
")
