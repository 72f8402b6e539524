#include "ui/canvas/scene/rect_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace shapewise::test {
namespace {

struct Kept {
    int number;
    QRectF rect;
};

/// Mostly as large as nodes and edges, now and then as long as the graph.
QRectF randomRect(std::mt19937& random) {
    std::uniform_real_distribution<double> place(-5000.0, 5000.0);
    std::uniform_real_distribution<double> size(0.0, 14.0);
    return {place(random), place(random), std::exp2(size(random)), std::exp2(size(random))};
}

TEST(RectIndex, FindsWhatALookAtAllFindsOverRandomChanges) {
    std::mt19937 random(7);
    std::vector<Kept> all;
    for (int number = 0; number < 300; ++number) all.push_back({number, {}});
    ui::RectIndex<Kept> index;
    ui::RectExtent extent;
    for (int step = 0; step < 4000; ++step) {
        Kept& item = all[random() % all.size()];
        if (!item.rect.isNull()) extent.remove(item.rect);
        if (random() % 4 == 0) {
            index.remove(&item);
            item.rect = QRectF();
        } else {
            item.rect = random() % 2 == 0 && !item.rect.isNull() ? item.rect.translated(3, -2) : randomRect(random);
            index.put(&item, item.rect);
            extent.add(item.rect);
        }
        if (step % 20 != 0) continue;
        const QRectF asked = randomRect(random);
        std::vector<int> found;
        for (const Kept* kept : index.touching(asked)) found.push_back(kept->number);
        std::sort(found.begin(), found.end());
        std::vector<int> wanted;
        QRectF around;
        for (const Kept& kept : all) {
            around = around.united(kept.rect);
            if (kept.rect.intersects(asked)) wanted.push_back(kept.number);
        }
        ASSERT_EQ(found, wanted) << "step " << step;
        EXPECT_NEAR(extent.rect().left(), around.left(), 1e-9);
        EXPECT_NEAR(extent.rect().bottom(), around.bottom(), 1e-9);
    }
}

TEST(RectIndex, KeepsTheOrderInWhichItemsCameWhereverTheyGo) {
    Kept first{1, {}};
    Kept second{2, {}};
    ui::RectIndex<Kept> index;
    index.put(&first, {0, 0, 10, 10});
    index.put(&second, {0, 0, 10, 10});
    index.put(&first, {5000, 5000, 900, 900});
    index.put(&first, {1, 1, 10, 10});
    EXPECT_EQ(index.touching({0, 0, 4, 4}), std::vector<Kept*>({&first, &second}));
}

}  // namespace
}  // namespace shapewise::test
