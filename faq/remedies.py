"""What to do about a mistake that is known by the key where it stands."""

ANYWAY = "đối chiếu với docs/reference/content.md"
OTHER_CODE = "đặt một mã khác, chưa dùng ở đâu"
KNOWN_UNIT = "dùng một mã có trong office/units.yaml, hoặc thêm đơn vị vào tệp ấy"
RECEIVING_UNIT = "ghi mã một đơn vị trong tệp này, không phải đơn vị ngoài hay đã kết thúc"
DIFFERENT = "gộp hai câu làm một, hoặc sửa để hai câu hỏi khác nhau"
REMEDIES = {
    "id": "đặt một id khác, chưa dùng ở đâu; id đã công bố thì không đổi",
    "code": OTHER_CODE,
    "key": OTHER_CODE,
    "group": OTHER_CODE,
    "question": DIFFERENT,
    "claim": DIFFERENT,
    "topic": "dùng một mã có trong office/topics.yaml, hoặc thêm chủ đề vào tệp ấy",
    "doc": "sửa mã cho đúng, hoặc thêm văn bản vào documents.yaml",
    "replaces": "ghi id của câu cũ, hoặc xóa dòng này",
    "valid_from": "sửa một trong hai ngày",
    "expected": "ghi id của câu trả lời đúng; câu hỏi ngoài phạm vi thì ghi []",
    "unit": KNOWN_UNIT,
    "also_units": KNOWN_UNIT,
    "with_units": KNOWN_UNIT,
    "outside_units": KNOWN_UNIT,
    "copy_to": KNOWN_UNIT,
    "successor": KNOWN_UNIT,
    "parent": KNOWN_UNIT,
    "backup": KNOWN_UNIT,
    "default_unit": RECEIVING_UNIT,
    "complaint_unit": RECEIVING_UNIT,
    "data_protection_unit": RECEIVING_UNIT,
    "units": "thêm dòng successor với mã đơn vị kế tục",
    "email": "ghi một địa chỉ thư, mỗi cán bộ một địa chỉ riêng, ví dụ an@bo.example.vn",
    "steps": "chỉ dùng các bước vừa nêu",
    "kinds": "thêm điều còn thiếu; so với bản mẫu của caunoi init",
    "zone": "ghi tên múi giờ quốc tế, ví dụ Asia/Ho_Chi_Minh",
    "hours": "xếp các khoảng giờ theo thứ tự trong ngày, giờ đầu trước giờ cuối",
    "date": "xóa một trong hai dòng",
}
