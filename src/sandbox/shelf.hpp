#pragma once
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace pamoja::sandbox {

// The last records of a kind, found by any of their ids. The oldest make room for new ones. Not thread-safe:
// its owner locks.
template <class Record>
class Shelf {
  public:
    explicit Shelf(std::size_t records_max = 100'000) : records_max_(records_max) {}

    // Ids that are empty are left out.
    Record& add(Record record, const std::vector<std::string>& ids) {
        if (entries_.size() >= records_max_) drop_oldest();
        for (const std::string& id : ids) {
            if (!id.empty()) places_[id] = first_place_ + entries_.size();
        }
        entries_.push_back({std::move(record), ids});
        return entries_.back().record;
    }
    // The one of that id that came last; null when there is none.
    Record* find(const std::string& id) {
        const auto found = places_.find(id);
        return found == places_.end() ? nullptr : &entries_[found->second - first_place_].record;
    }
    // In order of arrival.
    std::vector<Record> all() const {
        std::vector<Record> records;
        records.reserve(entries_.size());
        for (const Entry& entry : entries_) records.push_back(entry.record);
        return records;
    }
    void clear() {
        first_place_ += entries_.size();
        entries_.clear();
        places_.clear();
    }

  private:
    struct Entry {
        Record record;
        std::vector<std::string> ids;
    };

    void drop_oldest() {
        for (const std::string& id : entries_.front().ids) {
            const auto found = places_.find(id);
            if (found != places_.end() && found->second == first_place_) places_.erase(found);
        }
        entries_.pop_front();
        ++first_place_;
    }

    const std::size_t records_max_;
    std::deque<Entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;
    std::size_t first_place_ = 0;
};

}  // namespace pamoja::sandbox
